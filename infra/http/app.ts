import * as E from 'fp-ts/lib/Either.js'
import { type Context, Hono } from 'hono'
import { routePath as matchedPath } from 'hono/route'
import type { Operation, Reply } from '../../schemas/endpoint.ts'
import { type Problem, problem } from '../../schemas/problem.ts'
import type { AccessLog } from '../access-log/port.ts'
import type { Authenticate } from '../identity/tokens.ts'
import type { Logger } from '../log/logger.ts'
import { type Metrics, silentMetrics } from '../metrics/port.ts'
import { authorise } from './authorise.ts'
import { faultProblem } from './fault-problem.ts'
import { countStray, observing } from './observing.ts'
import { problemResponse } from './problem-response.ts'
import { readJson } from './read-body.ts'
import { recording } from './recording.ts'

export type AppDependencies = {
  readonly operations: ReadonlyArray<Operation>
  readonly authenticate: Authenticate
  readonly newId: () => string
  readonly log: Logger
  /** Takes what operations want recorded; without it, there can be none that do. */
  readonly accessLog?: AccessLog
  /** Default: none are kept. */
  readonly metrics?: Metrics
}

/** `answered`: by an operation, which has told the correlation id itself. */
type Env = { Variables: { correlationId: string; answered?: true } }

const CORRELATION_HEADER = 'X-Correlation-Id'
const CORRELATION_ID = /^[\x21-\x7e]{1,128}$/

/**
 * Headers as a plain object and the body as bytes: made by way of `Headers` and a text, an answer of 13 KB takes a tenth of a
 * millisecond more. A stream is handed on as it is.
 */
const respond = ({ status, body, headers }: Reply<unknown>, correlationId: string): Response =>
  body instanceof ReadableStream
    ? new Response(body, {
        status,
        headers: { 'Content-Type': 'application/octet-stream', [CORRELATION_HEADER]: correlationId, ...headers },
      })
    : new Response(Buffer.from(JSON.stringify(body)), {
        status,
        headers: { 'Content-Type': 'application/json', [CORRELATION_HEADER]: correlationId, ...headers },
      })

const serve = async (
  operation: Operation,
  authenticate: Authenticate,
  c: Context<Env>,
): Promise<E.Either<Problem, Reply<unknown>>> => {
  const caller = await authorise(authenticate, c.req.header('authorization') ?? null, operation.roles)
  if (E.isLeft(caller)) return caller
  const body = operation.method === 'POST' ? await readJson(c.req.raw) : E.right(undefined)
  if (E.isLeft(body)) return body
  return operation.serve({
    caller: caller.right,
    params: c.req.param(),
    query: c.req.query(),
    body: body.right,
    header: (name) => c.req.header(name),
    correlationId: c.get('correlationId'),
  })
}

/** Groups operations by path, so that a wrong method can be told from an unknown path. */
const byPath = (operations: ReadonlyArray<Operation>): ReadonlyMap<string, ReadonlyArray<Operation>> =>
  Map.groupBy(operations, ({ path }) => path)

const routePath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ':$1')

/**
 * The HTTP interpreter of operations: correlation ids, bearer tokens and roles, bodies, problems, 404 and 405; and who is
 * on record as having been answered. The same app runs under Node's server and as a Lambda handler.
 */
export const createApp = ({
  operations,
  authenticate,
  newId,
  log,
  accessLog,
  metrics = silentMetrics,
}: AppDependencies): Hono<Env> => {
  const app = new Hono<Env>()
  const refuse = (c: Context<Env>, refusal: Problem): Response => problemResponse(refusal, c.get('correlationId'))
  const stray = (c: Context<Env>, refusal: Problem): Response => {
    const response = refuse(c, refusal)
    countStray(metrics, response)
    return response
  }
  // Not the path itself: an id in it may name a person.
  const failed = (c: Context<Env>, path: string, error: unknown): Response => {
    log.error('request failed', { correlationId: c.get('correlationId'), method: c.req.method, path, error })
    return refuse(c, faultProblem(error))
  }

  app.use(async (c, next) => {
    const given = c.req.header('x-correlation-id')
    const correlationId = given !== undefined && CORRELATION_ID.test(given) ? given : newId()
    c.set('correlationId', correlationId)
    await next()
    if (!c.get('answered')) c.res.headers.set(CORRELATION_HEADER, correlationId)
  })
  for (const [path, alternatives] of byPath(operations.map(recording(accessLog, log)))) {
    for (const operation of alternatives) {
      const answer = async (c: Context<Env>): Promise<Response> => {
        const served = await serve(operation, authenticate, c)
        if (E.isLeft(served)) return refuse(c, served.left)
        c.set('answered', true)
        return respond(served.right, c.get('correlationId'))
      }
      const observed = observing(metrics, operation)
      app.on(operation.method, routePath(path), (c) => {
        const asking = { correlationId: c.get('correlationId'), traceparent: c.req.header('traceparent') }
        return observed(asking, () => answer(c).catch((error: unknown) => failed(c, routePath(path), error)))
      })
    }
    const allow = alternatives.map(({ method }) => method).join(', ')
    app.all(routePath(path), (c) =>
      stray(c, problem(405, 'method_not_allowed', `Allowed here: ${allow}`, { headers: { Allow: allow } })),
    )
  }
  app.notFound((c) => stray(c, problem(404, 'not_found', 'There is nothing at this path')))
  app.onError((error, c) => failed(c, matchedPath(c, -1), error))
  return app
}
