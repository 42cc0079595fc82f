import { afterEach, expect, test, vi } from 'vitest'
import { telemetryOf } from '../../../infra/lambda/engines/telemetry.ts'
import { silentLogger } from '../../../infra/log/logger.ts'
import { namespaceOf } from '../../../infra/metrics/definition.ts'
import { METRICS } from '../../../infra/metrics/definitions.ts'
import { inRequestSpan } from '../../../infra/tracing/spans.ts'
import { publishedBy, valuesOf } from '../metrics/emf-lines.ts'

afterEach(() => vi.restoreAllMocks())

const { metrics, observed } = telemetryOf('command-api', 'dev', silentLogger)

/** Lines of the function's log. */
const logged = (): (() => ReadonlyArray<string>) => {
  const written: string[] = []
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text))
    return true
  })
  return () => written.join('').trimEnd().split('\n')
}

const traced = {
  name: 'POST /v1/orders',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  correlationId: 'c-1',
  attributes: {},
}

const handler = observed((event: { readonly fails: boolean }) =>
  inRequestSpan(traced, async () => {
    metrics.record(METRICS.commands, { Command: 'placeOrder', Outcome: event.fails ? 'fault' : 'executed' })
    if (event.fails) throw new Error('no answer')
    return 'placed'
  }),
)

test('an invocation has written its metrics and its spans when it answers', async () => {
  const lines = logged()
  expect(await handler({ fails: false })).toBe('placed')
  const [measured = '', span = '', ...more] = lines()
  expect(more).toEqual([])
  expect(valuesOf(publishedBy([measured]), 'Commands', { Outcome: 'executed' })).toEqual([1])
  expect(publishedBy([measured])[0]?.namespace).toBe(namespaceOf('dev'))
  expect(JSON.parse(span)).toMatchObject({ service: 'command-api', span: 'POST /v1/orders', correlationId: 'c-1' })
})

test('one that fails has, too, and fails as before', async () => {
  const lines = logged()
  await expect(handler({ fails: true })).rejects.toThrow('no answer')
  const [measured = '', span = ''] = lines()
  expect(valuesOf(publishedBy([measured]), 'Commands', { Outcome: 'fault' })).toEqual([1])
  expect(JSON.parse(span)).toMatchObject({ error: 'Error' })
})
