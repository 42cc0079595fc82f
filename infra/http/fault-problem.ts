import { type Problem, problem } from '../../schemas/problem.ts'
import { CorruptCommit, EventStoreFault } from '../event-store/port.ts'
import { KeysAway } from '../identity/tokens.ts'

const NETWORK_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  'ENOTFOUND',
  // Postgres: shutting down, crashed, starting up, too many connections.
  '57P01',
  '57P02',
  '57P03',
  '53300',
])

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined

const isAway = (error: unknown): boolean =>
  (error instanceof EventStoreFault && error.kind === 'unavailable') ||
  error instanceof KeysAway ||
  NETWORK_CODES.has(codeOf(error) ?? '') ||
  (error instanceof Error &&
    (/^(ConnectionError|TimeoutError|NoLivingConnectionsError|ProvisionedThroughputExceededException|ThrottlingException)$/.test(
      error.name,
    ) ||
      /timeout exceeded when trying to connect|Connection terminated/.test(error.message) ||
      isAway(error.cause)))

/** How Postgres (IAM included), OpenSearch and AWS say that this process may not do what it tried. */
const DENIED_CODES: ReadonlySet<string> = new Set(['28000', '28P01'])
const DENIED_STATUSES: ReadonlyArray<unknown> = [401, 403]

/** A part that does not let us in is away for whoever asks: an operator mends it, and nothing was done. */
const isDenied = (error: unknown): boolean =>
  error instanceof Error &&
  (/^AccessDenied(Exception)?$/.test(error.name) ||
    DENIED_CODES.has(codeOf(error) ?? '') ||
    ('statusCode' in error && DENIED_STATUSES.includes(error.statusCode)) ||
    isDenied(error.cause))

const broken = problem(500, 'internal_error', 'Something broke; it is logged under the correlation id')

/** What a client is told of a fault: whether to come back, never what broke inside. */
export const faultProblem = (error: unknown): Problem => {
  if (error instanceof CorruptCommit) {
    return problem(500, 'corrupt_commit', 'A stored commit cannot be trusted', { detail: error.message })
  }
  if (error instanceof EventStoreFault && error.kind === 'throttled') {
    return problem(503, 'throttled', 'There is more to do than the event store takes; try again', {
      headers: { 'Retry-After': '1' },
    })
  }
  const away = problem(503, 'unavailable', 'A part of the system is away; try again', {
    headers: { 'Retry-After': '1' },
  })
  if (isDenied(error)) return away
  if (error instanceof EventStoreFault && error.kind === 'refused') return broken
  if (isAway(error)) return away
  return broken
}
