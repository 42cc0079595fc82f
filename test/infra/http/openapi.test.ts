import { Validator } from '@seriousme/openapi-schema-validator'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { describe, expect, test } from 'vitest'
import { UndescribableCodec } from '../../../infra/http/json-schema.ts'
import { openApiOf } from '../../../infra/http/openapi.ts'
import { readOperations } from '../../../read-api/operations.ts'
import { type Operation, operation } from '../../../schemas/endpoint.ts'
import { ClientId, Reason } from '../../../schemas/text.ts'
import { noEvents, noSearch } from '../../read-api/asking.ts'
import { realClock } from '../../read-api/views.ts'

const about = { version: '1.2.3', serverUrl: 'http://127.0.0.1:4000' }

const cancellation = operation({
  method: 'POST',
  path: '/v1/orders/{id}/cancellation',
  operationId: 'cancelOrder',
  summary: 'Cancels an order',
  tag: 'Orders',
  roles: ['sales'],
  headers: ['Idempotency-Key', 'If-Match'],
  problems: [
    { status: 409, code: 'order_is_cancelled' },
    { status: 422, code: 'idempotency_key_reused' },
  ],
  params: t.strict({ id: ClientId }),
  query: t.strict({}),
  body: t.strict({ reason: Reason }),
  reply: { status: 200, description: 'Cancelled', body: t.strict({ id: ClientId, version: t.number }) },
  handle: async () => E.right({ status: 200, body: { id: '1', version: 2 } }),
})

const noEngine = () => Promise.reject(new Error('describing asks no engine'))

const queries = readOperations({
  asReader: noEngine,
  readsOf: () => ({ query: noEngine }),
  events: noEvents,
  search: noSearch,
  clock: realClock,
})
const operations: ReadonlyArray<Operation> = [...queries, cancellation]

const faultsOf = async (document: { readonly [member: string]: unknown }) => {
  const { valid, errors } = await new Validator().validate(structuredClone(document))
  return valid ? [] : errors
}

describe('the OpenAPI description', () => {
  test('is a valid OpenAPI 3.1 document whose references all lead somewhere', async () => {
    const document = openApiOf(operations, about)
    expect(await faultsOf(document)).toEqual([])
    expect(document).toMatchObject({
      openapi: '3.1.0',
      info: { version: '1.2.3' },
      servers: [{ url: about.serverUrl }],
    })
    const text = JSON.stringify(document)
    const references = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path ?? '')
    expect(references.length).toBeGreaterThan(50)
    for (const path of references) expect(document).toHaveProperty(path.split('/'))
  })

  test('would not pass for valid if a part of it were broken', async () => {
    const document = openApiOf(operations, about)
    expect(await faultsOf({ ...document, paths: { 'no-slash': {} } })).not.toEqual([])
  })

  test('has every operation under its path and method', () => {
    const document = openApiOf(operations, about)
    for (const { path, method, operationId } of operations) {
      expect(document).toHaveProperty(['paths', path, method.toLowerCase(), 'operationId'], operationId)
    }
  })

  test('tells parameters, and which of them are required, out of the codecs', () => {
    expect(openApiOf(operations, about)).toHaveProperty(
      ['paths', '/v1/reports/sales', 'get', 'parameters'],
      expect.arrayContaining([
        { name: 'groupBy', in: 'query', required: true, schema: { $ref: '#/components/schemas/GroupBy' } },
        { name: 'limit', in: 'query', required: false, schema: { $ref: '#/components/schemas/Limit' } },
        { $ref: '#/components/parameters/ConsistencyToken' },
      ]),
    )
  })

  test('tells the body of a command, its headers, its own problems and those of all', () => {
    expect(openApiOf([cancellation], about)).toHaveProperty(
      ['paths', cancellation.path, 'post'],
      expect.objectContaining({
        parameters: [
          { name: 'id', in: 'path', required: true, schema: { $ref: '#/components/schemas/ClientId' } },
          { $ref: '#/components/parameters/IdempotencyKey' },
          { $ref: '#/components/parameters/IfMatch' },
        ],
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: {
                type: 'object',
                properties: { reason: { $ref: '#/components/schemas/Text1To500' } },
                required: ['reason'],
              },
            },
          },
        },
        responses: {
          200: expect.objectContaining({
            headers: {
              'X-Correlation-Id': expect.anything(),
              ETag: expect.anything(),
              'Idempotent-Replayed': expect.anything(),
            },
          }),
          400: expect.objectContaining({ description: '`invalid_parameters`, `malformed_json`' }),
          401: expect.objectContaining({ description: '`token_required`, `invalid_token`' }),
          403: expect.objectContaining({ description: '`role_required`' }),
          409: expect.objectContaining({ description: '`order_is_cancelled`' }),
          413: expect.objectContaining({ description: '`body_too_large`' }),
          415: expect.objectContaining({ description: '`unsupported_media_type`' }),
          422: expect.objectContaining({ description: '`invalid_body`, `idempotency_key_reused`' }),
          500: expect.objectContaining({ description: '`internal_error`' }),
          503: expect.objectContaining({ description: '`throttled`, `unavailable`' }),
        },
      }),
    )
  })

  test('cannot be made with a codec that cannot be described', () => {
    expect(() => openApiOf([{ ...cancellation, body: t.tuple([t.string]) }], about)).toThrow(UndescribableCodec)
  })
})
