import * as t from 'io-ts'
import type { Operation, RequestHeader } from '../../schemas/endpoint.ts'
import type { JsonSchema } from '../../schemas/text.ts'
import { objectSchemaOf, type Schemas, schemas } from './json-schema.ts'
import { NOT_RECORDED } from './recording.ts'

type ProblemCode = { readonly status: number; readonly code: string }

/** What every operation may answer, and those with a body beside it (app.ts, authorise.ts, fault-problem.ts, read-body.ts). */
const EVERY_OPERATION: ReadonlyArray<ProblemCode> = [
  { status: 400, code: 'invalid_parameters' },
  { status: 401, code: 'token_required' },
  { status: 401, code: 'invalid_token' },
  { status: 403, code: 'role_required' },
  { status: 500, code: 'internal_error' },
  { status: 503, code: 'throttled' },
  { status: 503, code: 'unavailable' },
]
const WITH_BODY: ReadonlyArray<ProblemCode> = [
  { status: 400, code: 'malformed_json' },
  { status: 413, code: 'body_too_large' },
  { status: 415, code: 'unsupported_media_type' },
  { status: 422, code: 'invalid_body' },
]

const REQUEST_HEADERS: { readonly [H in RequestHeader]: JsonSchema } = {
  'Idempotency-Key': {
    description: 'The same key and body gives the first answer again; the same key with another body is refused.',
    schema: { type: 'string', pattern: '^[!-~]([ -~]{0,253}[!-~])?$' },
  },
  'If-Match': {
    description: 'The ETag that the stream must still have.',
    schema: { type: 'string', pattern: '^([*]|"?[0-9]{1,15}"?)$', examples: ['"3"'] },
  },
  'Consistency-Token': {
    description: 'The `consistencyToken` of a write: the read waits until the view shows it.',
    schema: { type: 'string' },
  },
  Prefer: {
    description: 'How long to wait for the Consistency-Token: `wait=N`, seconds, 0 to 30, 2 without.',
    schema: { type: 'string', examples: ['wait=5'] },
  },
}

const PROBLEM_SCHEMA: JsonSchema = {
  type: 'object',
  description: 'An RFC 9457 problem. `code` is stable.',
  properties: {
    type: { type: 'string', format: 'uri' },
    status: { type: 'integer' },
    code: { type: 'string' },
    title: { type: 'string' },
    detail: { type: 'string' },
    errors: {
      type: 'array',
      description: 'Every fault of an invalid input.',
      items: {
        type: 'object',
        properties: {
          pointer: { type: 'string', description: 'RFC 6901, into the body; `/path` and `/query` for the URL.' },
          message: { type: 'string' },
        },
        required: ['pointer', 'message'],
      },
    },
    correlationId: { type: 'string' },
  },
  required: ['type', 'status', 'code', 'title', 'correlationId'],
}

const headerName = (header: string): string => header.replaceAll('-', '')

const parametersIn = (
  place: 'path' | 'query',
  codec: t.Mixed,
  describe: Schemas['describe'],
): ReadonlyArray<JsonSchema> => {
  const record = objectSchemaOf(codec, describe)
  return Object.entries(record?.properties ?? {}).map(([name, schema]) => ({
    name,
    in: place,
    required: record?.required?.includes(name) ?? false,
    schema,
  }))
}

const problemsByStatus = ({
  body,
  method,
  problems,
  records,
}: Operation): ReadonlyMap<number, ReadonlyArray<string>> => {
  const recorded = records === 'audit' ? [NOT_RECORDED] : []
  const all = [...EVERY_OPERATION, ...(hasBody({ body, method }) ? WITH_BODY : []), ...problems, ...recorded]
  return new Map(
    [...Map.groupBy(all, ({ status }) => status)].map(([status, same]) => [
      status,
      [...new Set(same.map(({ code }) => code))],
    ]),
  )
}

const problemResponse = (status: number, codes: ReadonlyArray<string>): JsonSchema => ({
  description: codes.map((code) => `\`${code}\``).join(', '),
  headers: {
    'X-Correlation-Id': { $ref: '#/components/headers/XCorrelationId' },
    ...(status === 503 && { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } }),
  },
  content: {
    'application/problem+json': {
      schema: {
        allOf: [{ $ref: '#/components/schemas/Problem' }, { properties: { code: { enum: codes } } }],
      },
    },
  },
})

const hasBody = ({ method, body }: Pick<Operation, 'method' | 'body'>): boolean =>
  method === 'POST' && !(body instanceof t.UndefinedType)

/** A resource that tells its version carries it as its entity tag, too. */
const isVersioned = (codec: t.Mixed, describe: Schemas['describe']): boolean =>
  objectSchemaOf(codec, describe)?.properties['version'] !== undefined

const successResponse = (operation: Operation, describe: Schemas['describe']): JsonSchema => ({
  description: operation.reply.description,
  headers: {
    'X-Correlation-Id': { $ref: '#/components/headers/XCorrelationId' },
    ...(isVersioned(operation.reply.body, describe) && { ETag: { $ref: '#/components/headers/ETag' } }),
    ...(operation.headers.includes('Idempotency-Key') && {
      'Idempotent-Replayed': { $ref: '#/components/headers/IdempotentReplayed' },
    }),
  },
  content: { 'application/json': { schema: describe(operation.reply.body) } },
})

const operationObject = (operation: Operation, describe: Schemas['describe']): JsonSchema => ({
  operationId: operation.operationId,
  summary: operation.summary,
  description: `For the roles ${operation.roles.join(', ')}.`,
  tags: [operation.tag],
  parameters: [
    ...parametersIn('path', operation.params, describe),
    ...parametersIn('query', operation.query, describe),
    ...operation.headers.map((header) => ({ $ref: `#/components/parameters/${headerName(header)}` })),
  ],
  ...(hasBody(operation) && {
    requestBody: { required: true, content: { 'application/json': { schema: describe(operation.body) } } },
  }),
  responses: {
    [operation.reply.status]: successResponse(operation, describe),
    ...Object.fromEntries(
      [...problemsByStatus(operation)].map(([status, codes]) => [status, problemResponse(status, codes)]),
    ),
  },
})

const pathsOf = (operations: ReadonlyArray<Operation>, describe: Schemas['describe']): JsonSchema =>
  Object.fromEntries(
    [...Map.groupBy(operations, ({ path }) => path)].map(([path, onPath]) => [
      path,
      Object.fromEntries(
        onPath.map((operation) => [operation.method.toLowerCase(), operationObject(operation, describe)]),
      ),
    ]),
  )

const RESPONSE_HEADERS: JsonSchema = {
  XCorrelationId: { description: 'Taken from the request or made.', schema: { type: 'string' } },
  ETag: { description: 'The version, in quotes.', schema: { type: 'string', examples: ['"3"'] } },
  IdempotentReplayed: { description: '`true`: the first answer again.', schema: { const: 'true' } },
  RetryAfter: { description: 'Seconds.', schema: { type: 'integer' } },
}

/**
 * The OpenAPI 3.1 description of the operations, out of their codecs alone. Throws `UndescribableCodec` for one that cannot be
 * described, so that the description never has a silent hole.
 */
export const openApiOf = (
  operations: ReadonlyArray<Operation>,
  { version, serverUrl }: { readonly version: string; readonly serverUrl: string },
): { readonly [member: string]: unknown } => {
  const { describe, components } = schemas()
  const paths = pathsOf(operations, describe)
  return {
    openapi: '3.1.0',
    info: { title: 'Daybook', version, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: serverUrl }],
    security: [{ bearer: [] }],
    tags: [...new Set(operations.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      parameters: Object.fromEntries(
        Object.entries(REQUEST_HEADERS).map(([name, header]) => [headerName(name), { name, in: 'header', ...header }]),
      ),
      headers: RESPONSE_HEADERS,
      schemas: { ...components(), Problem: PROBLEM_SCHEMA },
    },
  }
}
