import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { seal } from '../../../infra/event-store/commit.ts'
import { commitOfImage, itemOf } from '../../../infra/event-store/item.ts'
import { emptyStream } from '../../../infra/event-store/position.ts'
import { createApp } from '../../../infra/http/app.ts'
import { silentLogger } from '../../../infra/log/logger.ts'
import { currentTraceparent, following, inSpan } from '../../../infra/tracing/spans.ts'
import { hopsOf } from '../../../infra/tracing/tree.ts'
import { operation } from '../../../schemas/endpoint.ts'
import { testStamp } from '../event-store/stamp.ts'
import { tracing } from './tracing-under-test.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const SPAN = 'b7ad6b7169203331'
const SAMPLED = `00-${TRACE}-${SPAN}-01`

const { ended, stop } = tracing({ perSecond: 0, ratio: 0 })
beforeEach(ended)
afterAll(stop)

/** An API of one operation. */
const asking = (work: () => Promise<unknown>) => {
  const app = createApp({
    operations: [
      operation({
        method: 'GET',
        path: '/v1/things/{id}',
        operationId: 'getThing',
        summary: 'A thing',
        tag: 'Things',
        roles: ['auditor'],
        headers: [],
        problems: [],
        params: t.unknown,
        query: t.unknown,
        body: t.unknown,
        reply: { status: 200, description: 'The thing', body: t.unknown },
        handle: async () => E.right({ status: 200, body: await work() }),
      }),
    ],
    authenticate: async () => E.right({ tenant: 'acme', subject: 'ann', roles: ['auditor'] }),
    newId: () => 'made here',
    log: silentLogger,
  })
  return (headers: Record<string, string>) =>
    app.request('/v1/things/secret-name', { headers: { Authorization: 'Bearer x', ...headers } })
}

describe('a request that its client traces', () => {
  test('is a span of that trace, and so is each step, all under its correlation id', async () => {
    const ask = asking(() => inSpan('load', { 'daybook.stream_type': 'order' }, async () => 'found'))
    await ask({ traceparent: SAMPLED, 'X-Correlation-Id': 'c-1' })
    const [request] = hopsOf(await ended())
    expect(request).toMatchObject({
      span: {
        span: 'GET /v1/things/{id}',
        kind: 'server',
        traceId: TRACE,
        parentSpanId: SPAN,
        correlationId: 'c-1',
        failed: false,
        attributes: { 'http.response.status_code': 200, 'daybook.operation': 'getThing' },
      },
      led: [{ span: { span: 'load', kind: 'client', correlationId: 'c-1' }, led: [] }],
    })
  })

  test('has failed when a step fails, and tells nobody what broke or whose it was', async () => {
    const ask = asking(() => inSpan('load', {}, () => Promise.reject(new Error('the secret is out'))))
    expect((await ask({ traceparent: SAMPLED })).status).toBe(500)
    const spans = await ended()
    expect(spans.map(({ span, failed }) => [span, failed])).toEqual([
      ['load', true],
      ['GET /v1/things/{id}', true],
    ])
    expect(JSON.stringify(spans)).not.toMatch(/secret/)
  })
})

test('a request that its client does not trace is not sampled, and neither is any step', async () => {
  let seen: string | undefined = 'not asked'
  const ask = asking(() =>
    inSpan('load', {}, async () => {
      seen = currentTraceparent()
    }),
  )
  await ask({ traceparent: `00-${TRACE}-${SPAN}-00` })
  await ask({})
  expect([await ended(), seen]).toEqual([[], undefined])
})

describe('what is traced and stored', () => {
  const draft = {
    actor: { subject: 'ann', roles: [] },
    correlationId: 'c-2',
    causationId: null,
    commandId: 'one',
    fingerprint: '0'.repeat(64),
    events: [{ type: 'Counted', schemaVersion: 1, data: { by: 1 } }],
  }
  const position = emptyStream({ tenant: 'acme', type: 'counter', id: 'a' })
  const ulid = () => '01KA0000000000000000000000'

  test('stands beside the commit, in its item alone: not in the commit, and under no hash', () => {
    const plain = seal(position, draft, { ...testStamp, ulid })
    const traced = seal(position, draft, { ...testStamp, ulid, traceparent: () => SAMPLED })
    expect(traced.commit).toEqual(plain.commit)
    expect(itemOf(traced)).toEqual({ ...itemOf(plain), traceparent: { S: SAMPLED } })
    expect(commitOfImage(itemOf(traced))).toEqual(E.right(plain.commit))
  })
})

test('work for many is a span in the trace of each, and its steps are within', async () => {
  const origins = [1, 2].map((nth) => ({
    traceparent: `00-${`${nth}`.repeat(32)}-${SPAN}-01`,
    correlationId: `c-${nth}`,
  }))
  const unsound = { traceparent: 'none', correlationId: 'c-3' }
  await following('deliver', {}, [...origins, unsound], (within) =>
    following('project', {}, origins.slice(1).map(within), async () => {}),
  )
  const hops = hopsOf(await ended())
  expect(hops.map(({ span, led }) => [span.correlationId, span.traceId[0], led.map((each) => each.span.span)])).toEqual(
    [
      ['c-1', '1', []],
      ['c-2', '2', ['project']],
    ],
  )
})
