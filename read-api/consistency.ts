import * as E from 'fp-ts/lib/Either.js'
import { checkpointOf } from '../infra/views/positions.ts'
import { type ConsistencyToken, decodeConsistencyToken } from '../schemas/consistency-token.ts'
import type { Reply, Request } from '../schemas/endpoint.ts'
import { type Problem, problem } from '../schemas/problem.ts'
import type { ReadDeps, WaitingClock } from './read-deps.ts'

/** Something that is projected, seen by who waits for it. */
export type View = {
  /** Types of the streams that it is made of; it says nothing about writes to others. */
  readonly streamTypes: ReadonlyArray<string>
  /** Whether it shows the token's write to a reader who asks now. */
  readonly holds: (tenant: string, token: ConsistencyToken) => Promise<boolean>
}

/** What a read that takes a consistency token may answer beside its own problems. */
export const CONSISTENCY_PROBLEMS = [
  { status: 400, code: 'invalid_consistency_token' },
  { status: 503, code: 'read_model_behind' },
] as const

export const CONSISTENCY_HEADERS = ['Consistency-Token', 'Prefer'] as const

/** The tables of a projection: they hold a write when the checkpoint of its own stream has come to its version. */
export const tablesOf = (
  { readsOf }: Pick<ReadDeps, 'readsOf'>,
  projection: { readonly name: string; readonly streamTypes: ReadonlyArray<string> },
): View => ({
  streamTypes: projection.streamTypes,
  holds: async (tenant, token) => (await checkpointOf(readsOf(tenant), projection.name, token)) >= token.version,
})

const DEFAULT_WAIT_SECONDS = 2
const MAX_WAIT_SECONDS = 30
const PREFERENCE = /(?:^|,)\s*wait\s*=\s*"?(\d{1,9})"?\s*(?=[,;]|$)/i

/** Seconds to wait, of a `Prefer` header (RFC 7240 section 4.3); one that cannot be understood counts as absent. */
export const waitSecondsOf = (prefer: string | undefined): number => {
  const seconds = PREFERENCE.exec(prefer ?? '')?.[1]
  return seconds === undefined ? DEFAULT_WAIT_SECONDS : Math.min(Number(seconds), MAX_WAIT_SECONDS)
}

const FIRST_PAUSE_MS = 5
const LONGEST_PAUSE_MS = 100

/** Asks until the answer is yes or the time is over; always once, and once at the end. */
const waitUntil = async (
  clock: WaitingClock,
  milliseconds: number,
  isSo: () => Promise<boolean>,
): Promise<'yes' | 'time is over'> => {
  const deadline = clock.now() + milliseconds
  for (let pause = FIRST_PAUSE_MS; !(await isSo()); pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const left = deadline - clock.now()
    if (left <= 0) return 'time is over'
    await clock.sleep(Math.min(pause, left))
  }
  return 'yes'
}

const malformed = problem(400, 'invalid_consistency_token', 'The Consistency-Token header is not a token of a write')

const behind = (seconds: number): Problem =>
  problem(503, 'read_model_behind', 'The view does not show that write yet', {
    detail: `It was waited for during ${seconds} s. Ask again, or let the read wait longer with "Prefer: wait=N".`,
    headers: { 'Retry-After': '1' },
  })

/**
 * Lets `handle` run once every view shows the write that the caller's token names. It waits for that write's own stream and
 * version, never for a position across streams. Left: 400 `invalid_consistency_token`, 503 `read_model_behind`.
 */
export const afterToken =
  <P, Q, B, R>(
    clock: WaitingClock,
    views: ReadonlyArray<View>,
    handle: (request: Request<P, Q, B>) => Promise<E.Either<Problem, Reply<R>>>,
  ) =>
  async (request: Request<P, Q, B>): Promise<E.Either<Problem, Reply<R>>> => {
    const header = request.header('consistency-token')
    if (header === undefined) return handle(request)
    const token = decodeConsistencyToken(header)
    if (E.isLeft(token)) return E.left(malformed)
    const concerned = views.filter((view) => view.streamTypes.includes(token.right.streamType))
    const seconds = waitSecondsOf(request.header('prefer'))
    const holdAll = async (): Promise<boolean> => {
      for (const view of concerned) if (!(await view.holds(request.caller.tenant, token.right))) return false
      return true
    }
    const outcome = await waitUntil(clock, seconds * 1_000, holdAll)
    return outcome === 'yes' ? handle(request) : E.left(behind(seconds))
  }
