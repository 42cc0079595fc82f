import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import { decode, type Fault } from './decode.ts'
import { type Problem, problem } from './problem.ts'
import { ROLES, type Role } from './role.ts'

/** Who asks: from the verified token's claims, never from the request. */
export type Caller = {
  readonly tenant: string
  readonly subject: string
  readonly roles: ReadonlyArray<Role>
  /** The application that the token was given to, if it tells. */
  readonly client?: string | undefined
}

type Context = {
  readonly caller: Caller
  readonly correlationId: string
  /** Request header by lower-case name. */
  readonly header: (name: string) => string | undefined
}

/** A decoded request. `body` is `undefined` for GET. */
export type Request<P, Q, B> = Context & { readonly params: P; readonly query: Q; readonly body: B }

/** A request as it arrived: nothing decoded yet. */
export type RawRequest = Request<unknown, unknown, unknown>

export type Reply<R> = {
  readonly status: number
  readonly body: R
  readonly headers?: { readonly [name: string]: string }
}

export type RequestHeader = 'Idempotency-Key' | 'If-Match' | 'Consistency-Token' | 'Prefer'

/** Why it is put on record who was given an answer: it tells of one person, or of the audit trail. */
export type Recorded = 'personal' | 'audit'

type Description = {
  readonly method: 'GET' | 'POST'
  /** Path parameters stand in braces: `/v1/orders/{id}`. */
  readonly path: string
  readonly operationId: string
  readonly summary: string
  readonly tag: string
  /** Who may call it. */
  readonly roles: ReadonlyArray<Role>
  /** Request headers that it understands. */
  readonly headers: ReadonlyArray<RequestHeader>
  /** Codes that it may answer beyond those that every operation may. */
  readonly problems: ReadonlyArray<{ readonly status: number; readonly code: string }>
  /** Its answers are put on record, each before it is given (infra/http/recording.ts). */
  readonly records?: Recorded
  /** Where a request names the person whom the answer is about; only answers to those that do are put on record. */
  readonly recordsAbout?: { readonly in: 'params' | 'query'; readonly name: string }
}

type Decoder<A> = t.Type<A, unknown, unknown>

/** One operation of the HTTP API as data: route, decoding, roles and the OpenAPI description all come from it. */
export type Endpoint<P, Q, B, R> = Description & {
  readonly params: Decoder<P>
  readonly query: Decoder<Q>
  readonly body: Decoder<B>
  readonly reply: { readonly status: 200 | 201; readonly description: string; readonly body: Decoder<R> }
  readonly handle: (request: Request<P, Q, B>) => Promise<E.Either<Problem, Reply<R>>>
}

/** An endpoint with its types closed over, so that endpoints of all shapes stand in one list. */
export type Operation = Description & {
  readonly params: t.Mixed
  readonly query: t.Mixed
  readonly body: t.Mixed
  readonly reply: { readonly status: 200 | 201; readonly description: string; readonly body: t.Mixed }
  readonly serve: (request: RawRequest) => Promise<E.Either<Problem, Reply<unknown>>>
}

const faultsIn = <A>(place: string, decoded: E.Either<ReadonlyArray<Fault>, A>): ReadonlyArray<Fault> =>
  E.isLeft(decoded) ? decoded.left.map((fault) => ({ ...fault, pointer: `${place}${fault.pointer}` })) : []

/** Faults of the body point into the body; those of the URL into `/path` and `/query`. */
export const operation = <P, Q, B, R>(endpoint: Endpoint<P, Q, B, R>): Operation => ({
  ...endpoint,
  serve: async (raw) => {
    const params = decode(endpoint.params, raw.params)
    const query = decode(endpoint.query, raw.query)
    if (E.isLeft(params) || E.isLeft(query)) {
      const errors = [...faultsIn('/path', params), ...faultsIn('/query', query)]
      return E.left(problem(400, 'invalid_parameters', 'The path or the query string is not valid', { errors }))
    }
    const body = decode(endpoint.body, raw.body)
    if (E.isLeft(body)) {
      return E.left(problem(422, 'invalid_body', 'The body is not valid', { errors: body.left }))
    }
    return endpoint.handle({ ...raw, params: params.right, query: query.right, body: body.right })
  },
})

/** Every role reads. */
export const READERS: ReadonlyArray<Role> = ROLES
export const WRITERS: ReadonlyArray<Role> = ['admin', 'sales', 'integration']
