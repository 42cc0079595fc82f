import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type * as t from 'io-ts'
import { jcs } from '../../infra/event-store/canonical.ts'
import { sha256 } from '../../infra/event-store/hash.ts'
import type { StoredEvent } from '../../infra/event-store/port.ts'
import type { OverLimit } from '../../infra/event-store/transaction-port.ts'
import { type Metrics, silentMetrics } from '../../infra/metrics/port.ts'
import type { RequestKeys } from '../../infra/request-keys/port.ts'
import { encodeConsistencyToken } from '../../schemas/consistency-token.ts'
import { type Endpoint, type Operation, operation, type Reply, type Request, WRITERS } from '../../schemas/endpoint.ts'
import { type Problem, problem } from '../../schemas/problem.ts'
import { Nothing } from '../../schemas/requests/body.ts'
import { Written } from '../../schemas/written.ts'
import type { Aggregate } from '../aggregate.ts'
import { counted } from '../counted.ts'
import { type CommandRequest, executeCommand, type Failure, type Outcome } from '../execute-command.ts'
import type { TransactionDependencies } from '../execute-transaction.ts'
import { problemOf } from './failures.ts'

export type WriteDependencies = TransactionDependencies & {
  readonly keys: RequestKeys
  readonly clock: () => Date
  readonly newId: () => string
  /** Default: none are kept. */
  readonly metrics?: Metrics
}

/** What one POST is, whatever it does. */
type Posting<P, B> = {
  readonly operationId: string
  readonly path: string
  readonly summary: string
  readonly tag: string
  readonly params: t.Type<P, unknown, unknown>
  readonly body: t.Type<B, unknown, unknown>
  readonly status: 200 | 201
  readonly problems: Endpoint<P, unknown, B, Written>['problems']
  /** Whether the stream begins with this write. */
  readonly creates: boolean
  /** The stream's id; for a creation, the one that the client chose, if it did. */
  readonly idOf: (request: Request<P, unknown, B>) => string | undefined
  /** Refusals of the request as such, before anything is claimed or read. */
  readonly check?: (request: Request<P, unknown, B>, now: Date) => E.Either<Problem, unknown>
}

/** The command's own stream and everything else about it that does not depend on what it does. */
export type About = Omit<CommandRequest<never, never>, 'command'>

/** A POST, how it is run, and what its answer tells beside the usual. `Reason`: why it is not carried out. */
export type Run<P, B, X, Reason> = Posting<P, B> & {
  readonly streamType: string
  readonly answer: t.Type<Written & X, unknown, unknown>
  readonly run: (
    request: Request<P, unknown, B>,
    about: About,
    now: Date,
  ) => Promise<E.Either<Failure<Reason> | OverLimit, readonly [Outcome, X]>>
}

/** What one POST does to which aggregate. `Reason`: why its command may not even be made. */
export type Write<P, B, S, C, Ev, R, Reason> = Posting<P, B> & {
  readonly aggregate: Aggregate<S, C, Ev, R>
  readonly commandOf: (request: Request<P, unknown, B>, id: string, now: Date) => Promise<E.Either<Reason, C>>
}

const headers = (
  request: Request<unknown, unknown, unknown>,
): E.Either<Problem, { key?: string; expected?: number }> => {
  const key = request.header('idempotency-key')
  if (key !== undefined && !/^[\x21-\x7e]([\x20-\x7e]{0,253}[\x21-\x7e])?$/.test(key)) {
    const title = 'Idempotency-Key must be 1 to 255 printable ASCII characters'
    return E.left(problem(400, 'invalid_idempotency_key', title))
  }
  const ifMatch = request.header('if-match')
  const expected = /^"?(\d{1,15})"?$/.exec(ifMatch ?? '')?.[1]
  if (ifMatch !== undefined && ifMatch !== '*' && expected === undefined) {
    return E.left(problem(400, 'invalid_if_match', 'If-Match must be a version as an ETag, like "3"'))
  }
  return E.right({ ...(key && { key }), ...(expected && { expected: Number(expected) }) })
}

/** An id that a retry with the same key finds again. */
const idFromKey = (tenant: string, operationId: string, key: string): string =>
  sha256(jcs([tenant, operationId, key])).slice(0, 32)

const reply = <X>(
  status: number,
  [{ stream, commitId, version, replayed }, more]: readonly [Outcome, X],
): Reply<Written & X> => {
  const consistencyToken = encodeConsistencyToken({ streamType: stream.type, streamId: stream.id, version })
  return {
    status,
    body: { id: stream.id, version, commitId, consistencyToken, ...more },
    headers: { ETag: `"${version}"`, ...(replayed && { 'Idempotent-Replayed': 'true' }) },
  }
}

/** The handler of one write: binds the idempotency key, runs the command, and answers. */
const handler =
  <P, B, X, Reason>(deps: WriteDependencies, write: Run<P, B, X, Reason>, rejected: (reason: Reason) => Problem) =>
  async (request: Request<P, unknown, B>): Promise<E.Either<Problem, Reply<Written & X>>> => {
    const now = deps.clock()
    const asked = pipe(
      headers(request),
      E.chainFirst(() => write.check?.(request, now) ?? E.right(undefined)),
    )
    if (E.isLeft(asked)) return asked
    const { key, expected } = asked.right
    const { tenant, subject, roles, client } = request.caller
    const fingerprint = sha256(jcs({ operation: write.operationId, params: request.params, body: request.body }))
    if (key !== undefined && (await deps.keys.claim(tenant, key, fingerprint)) === 'other-request') {
      return E.left(problemOf({ _tag: 'CommandIdReused' }, rejected))
    }
    const id = write.idOf(request) ?? (key === undefined ? deps.newId() : idFromKey(tenant, write.operationId, key))
    const about: About = {
      stream: { tenant, type: write.streamType, id },
      commandId: key ?? deps.newId(),
      fingerprint,
      creates: write.creates,
      actor: { subject, roles, client },
      correlationId: request.correlationId,
      causationId: null,
      ...(expected !== undefined && { expectedVersion: expected }),
    }
    return pipe(
      await counted(deps.metrics ?? silentMetrics, write.operationId, () => write.run(request, about, now)),
      E.bimap(
        (failure) => problemOf(failure, rejected),
        (done) => reply(write.status, done),
      ),
    )
  }

/** How what a domain runs becomes operations of the HTTP API. @param rejected as for `writeOperationOf`. */
export const runOperationOf =
  <Reason>(rejected: (reason: Reason) => Problem) =>
  <P, B, X>(deps: WriteDependencies, write: Run<P, B, X, Reason>): Operation =>
    operation({
      method: 'POST',
      path: write.path,
      operationId: write.operationId,
      summary: write.summary,
      tag: write.tag,
      roles: WRITERS,
      headers: ['Idempotency-Key', 'If-Match'],
      problems: [
        ...write.problems,
        { status: 400, code: 'invalid_idempotency_key' },
        { status: 400, code: 'invalid_if_match' },
        { status: 412, code: 'version_mismatch' },
        { status: 422, code: 'commit_too_large' },
        { status: 422, code: 'idempotency_key_reused' },
        { status: 503, code: 'contended' },
      ],
      params: write.params,
      query: Nothing,
      body: write.body,
      reply: { status: write.status, description: 'Written', body: write.answer },
      handle: handler(deps, write, rejected),
    })

/**
 * How a domain's writes to one stream each become operations of the HTTP API. @param rejected answers for the domain's reasons,
 * best from one table.
 */
export const writeOperationOf =
  <Reason>(rejected: (reason: Reason) => Problem) =>
  <P, B, S, C, Ev extends StoredEvent, R extends Reason>(
    deps: WriteDependencies,
    { aggregate, commandOf, ...posting }: Write<P, B, S, C, Ev, R, Reason>,
  ): Operation =>
    runOperationOf(rejected)(deps, {
      ...posting,
      streamType: aggregate.streamType,
      answer: Written,
      run: async (request, about, now) =>
        pipe(
          await executeCommand<never>(deps)(aggregate, {
            ...about,
            command: () => commandOf(request, about.stream.id, now),
          }),
          E.map((outcome) => [outcome, {}]),
        ),
    })
