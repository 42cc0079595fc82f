import { setTimeout as sleep } from 'node:timers/promises'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { codeOf, Failure, reasonOf } from '../failure.ts'
import type { TokenSource } from '../instance.ts'
import type { Answer, Transport } from '../transport.ts'
import type { Command } from './documents.ts'
import { LONGEST_PAUSE_MS, type Patience } from './patience.ts'

export type Outcome =
  | { readonly _tag: 'Sent' }
  | { readonly _tag: 'AlreadyThere' }
  | { readonly _tag: 'Rejected'; readonly code: string; readonly message: string }

export type SendDependencies = {
  readonly url: string
  readonly transport: Transport
  readonly token: TokenSource
  readonly patience: Patience
  /** From 0 to 1. */
  readonly random: () => number
  /** Once aborted nothing more is sent; what is under way is waited for. */
  readonly stop: AbortSignal
}

/** Answers that may be others a moment later. */
const RETRIED = new Set([429, 500, 502, 503, 504])
/** A fault may be the request's own doing: it must not keep the run busy for ever. */
const TRIES_OF_A_FAULT = 6
const FIRST_PAUSE_MS = 100
const LONGEST_OWN_PAUSE_MS = 3_000

const Problem = t.intersection([
  t.type({ code: t.string }),
  t.partial({
    title: t.string,
    detail: t.string,
    errors: t.array(t.type({ pointer: t.string, message: t.string })),
  }),
])
type Problem = t.TypeOf<typeof Problem>

const problemIn = ({ body }: Answer): Problem | undefined => {
  const problem = E.tryCatch(() => Problem.decode(JSON.parse(body)), E.toError)
  return E.isRight(problem) && E.isRight(problem.right) ? problem.right.right : undefined
}

const inWords = ({ title, detail, errors = [] }: Problem): string => {
  const faults = errors.map(({ pointer, message }) => `${pointer} ${message}`.trim())
  return faults.length > 0 ? faults.join('; ') : (detail ?? title ?? 'no reason given')
}

const isDone = ({ status }: Answer): boolean => status === 200 || status === 201

/** What an answer that will not change means. Throws `Failure` when every other request would fare the same. */
const outcomeOf = (answer: Answer, { kind }: Command, url: string): Outcome => {
  if (isDone(answer)) return { _tag: answer.headers['idempotent-replayed'] === 'true' ? 'AlreadyThere' : 'Sent' }
  const problem = problemIn(answer)
  if (answer.status === 401) throw new Failure(`the server at ${url} does not accept the token (401)`)
  if (answer.status === 403)
    throw new Failure(`the token does not allow writing at ${url} (403): it needs the role integration`)
  if (problem === undefined)
    throw new Failure(`${url} answers like something else than Daybook (status ${answer.status})`)
  if (kind === 'product' && problem.code === 'sku_taken') return { _tag: 'AlreadyThere' }
  return { _tag: 'Rejected', code: problem.code, message: inWords(problem) }
}

/** Retry-After is a number of seconds or a date (RFC 9110 section 10.2.3). Milliseconds; 0 without one. */
const askedPause = ({ headers }: Answer): number => {
  const asked = headers['retry-after']
  if (asked === undefined) return 0
  const pause = /^\d+$/.test(asked) ? Number(asked) * 1_000 : Date.parse(asked) - Date.now()
  return Number.isNaN(pause) ? 0 : Math.min(Math.max(pause, 0), LONGEST_PAUSE_MS)
}

type Trouble = { readonly words: string; readonly pause: number }

const troubleWith = (answer: Answer, tries: number): Trouble | undefined => {
  if (!RETRIED.has(answer.status)) return undefined
  if (answer.status === 500 && tries >= TRIES_OF_A_FAULT) return undefined
  return { words: `keeps answering ${answer.status}`, pause: askedPause(answer) }
}

const unreachable = (thrown: unknown): Trouble => ({
  words: `went away (${codeOf(thrown) ?? reasonOf(thrown)})`,
  pause: 0,
})

/** Exponential, with full jitter so that requests that failed together do not come back together. */
const ownPause = (tries: number, random: () => number): number =>
  random() * Math.min(LONGEST_OWN_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries)

const exchange = async (
  { transport, token }: SendDependencies,
  { path, key }: Command,
  body: string,
): Promise<E.Either<Trouble, Answer>> => {
  const headers = { Authorization: `Bearer ${await token()}`, 'Idempotency-Key': key }
  return transport.post(path, headers, body).then(E.right, (thrown) => E.left(unreachable(thrown)))
}

/**
 * Sends a command until it has an answer that will not change; its idempotency key makes every retry safe. Throws `Failure`
 * when the server lets no request through for longer than the run has patience, and `stop`'s reason once that is aborted.
 */
export const sender =
  (deps: SendDependencies) =>
  async (command: Command): Promise<Outcome> => {
    const { url, patience, random, stop } = deps
    const body = JSON.stringify(command.body)
    for (let tries = 1; ; tries += 1) {
      stop.throwIfAborted()
      const answer = await exchange(deps, command, body)
      const trouble = E.isLeft(answer) ? answer.left : troubleWith(answer.right, tries)
      if (E.isRight(answer) && trouble === undefined) {
        patience.progress()
        return outcomeOf(answer.right, command, url)
      }
      const { words, pause } = trouble ?? { words: '', pause: 0 }
      patience.grant(pause)
      if (patience.isExhausted()) {
        throw new Failure(`the server at ${url} ${words}; run the same command again to resume`)
      }
      await sleep(pause + ownPause(tries, random), undefined, { signal: stop })
    }
  }
