import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { describe, expect, test } from 'vitest'
import type { Access, AccessLog } from '../../../infra/access-log/port.ts'
import { createApp } from '../../../infra/http/app.ts'
import { openApiOf } from '../../../infra/http/openapi.ts'
import { type Logger, silentLogger } from '../../../infra/log/logger.ts'
import { type Operation, operation } from '../../../schemas/endpoint.ts'
import { problem } from '../../../schemas/problem.ts'
import { ClientId } from '../../../schemas/text.ts'

const SECRET = 'what the answer tells'

const reading = (how: Pick<Operation, 'records' | 'recordsAbout'>, method: 'GET' | 'POST' = 'GET'): Operation =>
  operation({
    method,
    path: '/v1/things/{id}',
    operationId: 'getThing',
    summary: 'A thing',
    tag: 'Things',
    roles: ['auditor'],
    headers: [],
    problems: [{ status: 404, code: 'thing_not_found' }],
    ...how,
    params: t.strict({ id: ClientId }),
    query: t.exact(t.partial({ of: t.string })),
    body: t.unknown,
    reply: { status: 200, description: 'The thing', body: t.strict({ text: t.string }) },
    handle: async ({ params }) =>
      params.id === 'none'
        ? E.left(problem(404, 'thing_not_found', 'No such thing'))
        : E.right({ status: 200, body: { text: SECRET } }),
  })

const kept = () => {
  const accesses: Access[] = []
  const accessLog: AccessLog = { record: async (access) => void accesses.push(access) }
  return { accesses, accessLog }
}

const broken: AccessLog = { record: () => Promise.reject(new Error('no room')) }

const asking = (thing: Operation, accessLog: AccessLog | undefined, log: Logger = silentLogger) => {
  const app = createApp({
    operations: [thing],
    authenticate: async () => E.right({ tenant: 'acme', subject: 'ann', roles: ['auditor'], client: 'console' }),
    newId: () => 'trace-1',
    log,
    ...(accessLog && { accessLog }),
  })
  return async (path: string, body?: unknown) => {
    const response = await app.request(path, {
      headers: { Authorization: 'Bearer x', 'Content-Type': 'application/json' },
      ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
    })
    return { status: response.status, text: await response.text() }
  }
}

describe.each(['personal', 'audit'] as const)('an operation whose answers are recorded as %s', (records) => {
  test('is answered when it is on record who asked what, and the record holds nothing of the answer', async () => {
    const { accesses, accessLog } = kept()
    expect(await asking(reading({ records }), accessLog)('/v1/things/7?of=old')).toMatchObject({ status: 200 })
    expect(accesses).toEqual([
      {
        as: records,
        tenant: 'acme',
        actor: { subject: 'ann', roles: ['auditor'], client: 'console' },
        correlationId: 'trace-1',
        operationId: 'getThing',
        asked: { path: { id: '7' }, query: { of: 'old' } },
      },
    ])
  })

  test('tells of a POST what its body asked for', async () => {
    const { accesses, accessLog } = kept()
    await asking(reading({ records }, 'POST'), accessLog)('/v1/things/7', { from: '2026-01-01' })
    expect(accesses).toMatchObject([{ asked: { path: { id: '7' }, query: {}, body: { from: '2026-01-01' } } }])
  })

  test('leaves no record of what was refused', async () => {
    const { accesses, accessLog } = kept()
    const ask = asking(reading({ records }), accessLog)
    expect((await ask('/v1/things/none')).status).toBe(404)
    expect((await ask('/v1/things/%20')).status).toBe(400)
    expect(accesses).toEqual([])
  })

  test('needs an access log', () => {
    expect(() => asking(reading({ records }), undefined)).toThrow('getThing is to be recorded')
  })
})

test('only answers to a query by the parameter that matters are recorded', async () => {
  const { accesses, accessLog } = kept()
  const ask = asking(reading({ records: 'personal', recordsAbout: { in: 'query', name: 'of' } }), accessLog)
  for (const path of ['/v1/things/7', '/v1/things/7?other=x']) expect((await ask(path)).status).toBe(200)
  expect(accesses).toEqual([])
  expect((await ask('/v1/things/7?of=x')).status).toBe(200)
  expect(accesses).toMatchObject([{ about: 'x', asked: { query: {} } }])
  expect(JSON.stringify(accesses[0]?.asked)).not.toContain('x')
})

test('the audit trail is not shown to who cannot be put on record', async () => {
  const { status, text } = await asking(reading({ records: 'audit' }), broken)('/v1/things/7')
  expect(status).toBe(503)
  expect(JSON.parse(text)).toMatchObject({ code: 'read_not_recorded' })
  expect(text).not.toContain(SECRET)
})

test('a personal read is answered all the same, and the log has what the record lacks', async () => {
  const lines: unknown[] = []
  const log: Logger = { ...silentLogger, error: (message, details) => void lines.push({ message, ...details }) }
  expect(await asking(reading({ records: 'personal' }), broken, log)('/v1/things/7')).toMatchObject({ status: 200 })
  expect(lines).toMatchObject([
    { message: 'a read was not recorded', actor: { subject: 'ann' }, asked: { path: { id: '7' } }, tenant: 'acme' },
  ])
})

test('the description tells that an answer may be withheld', () => {
  const described = (records: 'personal' | 'audit') =>
    openApiOf([reading({ records })], { version: '1', serverUrl: '/' })
  const place = ['paths', '/v1/things/{id}', 'get', 'responses', '503', 'description']
  expect(described('audit')).toHaveProperty(place, expect.stringContaining('`read_not_recorded`'))
  expect(described('personal')).not.toHaveProperty(place, expect.stringContaining('read_not_recorded'))
})
