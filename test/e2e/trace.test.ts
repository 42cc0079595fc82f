import { randomBytes } from 'node:crypto'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { expect, test } from 'vitest'
import { SpanLine } from '../../infra/tracing/span-line.ts'
import { type Hop, hopsOf } from '../../infra/tracing/tree.ts'
import { Written } from '../../schemas/written.ts'
import { eventually } from './instance.ts'
import { runningInstance } from './running.ts'

const { daybook, admin } = await runningInstance()

const CORRELATION = 'trace-of-one-command'
const TRACE = randomBytes(16).toString('hex')
/** The client is traced itself, by this span. */
const CLIENT = randomBytes(8).toString('hex')
const traced = { 'X-Correlation-Id': CORRELATION, traceparent: `00-${TRACE}-${CLIENT}-01` }

type Nested = { readonly span: SpanLine; readonly led: ReadonlyArray<Nested> }
const Nested: t.Type<Nested, unknown, unknown> = t.recursion('Nested', () =>
  t.type({ span: SpanLine, led: t.readonlyArray(Nested) }),
)

const spansOf = (hops: ReadonlyArray<Nested>): ReadonlyArray<SpanLine> =>
  hops.flatMap(({ span, led }) => [span, ...spansOf(led)])

const told = async (): Promise<ReadonlyArray<Hop>> => {
  const { code, stdout } = await daybook.cli('trace', CORRELATION, '--json')
  const answer = code === 0 ? t.type({ hops: t.readonlyArray(Nested) }).decode(JSON.parse(stdout)) : undefined
  return answer === undefined || E.isLeft(answer) ? [] : hopsOf(spansOf(answer.right.hops))
}

/** Names of the hops alone, each with those that it led to. */
type Names = { readonly [hop: string]: Names }
const namesOf = (hops: ReadonlyArray<Hop>): Names =>
  Object.fromEntries(hops.map(({ span, led }) => [`${span.service}: ${span.span}`, namesOf(led)]))

test('the trace of one command shows all its hops under one correlation id', async () => {
  const product = { sku: '85123A', name: 'White hanging heart', price: { amount: '2.55', currency: 'GBP' } }
  const { status, headers, json } = await daybook.http(admin(), '/v1/products', product, traced)
  expect([status, headers.get('x-correlation-id')]).toEqual([201, CORRELATION])
  const written = Written.decode(json)
  if (E.isLeft(written)) throw new Error(`not written: ${JSON.stringify(json)}`)
  const reading = { ...traced, 'Consistency-Token': written.right.consistencyToken, Prefer: 'wait=30' }
  await eventually(
    () => daybook.http(admin(), '/v1/search/products?q=heart'),
    ({ json }) => JSON.stringify(json).includes('85123A'),
  )
  expect((await daybook.http(admin(), '/v1/products/85123A', undefined, reading)).status).toBe(200)
  const hops = await eventually(told, (found) => JSON.stringify(namesOf(found)).includes('project product-search'))
  process.stdout.write((await daybook.cli('trace', CORRELATION)).stdout)

  const names = namesOf(hops)
  expect(names).toMatchObject({
    'api: POST /v1/products': {
      'api: append': {
        'feeds: deliver to views': { 'feeds: project products': {} },
        'feeds: deliver to search': { 'feeds: project product-search': {} },
      },
    },
    'api: GET /v1/products/{sku}': { 'api: query': {} },
  })
  const spans = spansOf(hops)
  expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([TRACE]))
  expect(new Set(spans.map(({ correlationId }) => correlationId))).toEqual(new Set([CORRELATION]))
  expect(hops.map(({ span }) => span.parentSpanId)).toEqual(hops.map(() => CLIENT))
})

test('the figures of all processes are there for Prometheus, without a token', async () => {
  const scrape = async (): Promise<ReadonlyArray<string>> => {
    const response = await fetch(`${await daybook.url()}/metrics`)
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
    return (await response.text()).split('\n')
  }
  const lines = await eventually(scrape, (found) =>
    found.includes('daybook_projection_batches_total{projection="products",outcome="applied"} 1'),
  )
  expect(lines).toEqual(
    expect.arrayContaining([
      'daybook_commands_total{command="addProduct",outcome="executed"} 1',
      'daybook_requests_total{operation="addProduct",status_class="2xx"} 1',
      'daybook_append_duration_seconds_count 1',
      'daybook_projection_batches_total{projection="products",outcome="applied"} 1',
      'daybook_projection_batches_total{projection="product-search",outcome="applied"} 1',
      'daybook_parked_streams{projection="products"} 0',
      'daybook_feed_lag_seconds{projection="products"} 0',
    ]),
  )
})
