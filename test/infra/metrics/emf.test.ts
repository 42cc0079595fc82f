import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { METRICS } from '../../../infra/metrics/definitions.ts'
import { emfMetrics } from '../../../infra/metrics/emf.ts'
import { publishedBy, valuesOf } from './emf-lines.ts'

const recording = () => {
  const lines: string[] = []
  const metrics = emfMetrics({
    write: (line) => lines.push(line),
    namespace: 'Daybook/dev',
    clock: () => 1_559_748_430_481,
  })
  return { ...metrics, lines }
}

const sum = (values: ReadonlyArray<number>): number => values.reduce((total, value) => total + value, 0)

const Outcome = fc.constantFrom('executed', 'rejected', 'fault')
const Command = fc.constantFrom('placeOrder', 'cancelOrder')

describe('metrics in the embedded metric format', () => {
  test('one invocation is one line, which tells its values and what they are', () => {
    const { record, flush, lines } = recording()
    record(METRICS.requests, { Operation: 'placeOrder', StatusClass: '2xx' })
    record(METRICS.requestDuration, { Operation: 'placeOrder' }, 12.5)
    record(METRICS.commands, { Command: 'placeOrder', Outcome: 'executed' })
    record(METRICS.appendDuration, {}, 3)
    flush()
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/^\{.*\}\n$/)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      _aws: { Timestamp: 1_559_748_430_481 },
      Operation: 'placeOrder',
      StatusClass: '2xx',
      Requests: 1,
      RequestDuration: 12.5,
      Outcome: 'executed',
      AppendDuration: 3,
    })
    const published = publishedBy(lines)
    expect(new Set(published.map(({ namespace }) => namespace))).toEqual(new Set(['Daybook/dev']))
    expect(published.find(({ metric }) => metric === 'RequestDuration')?.unit).toBe('Milliseconds')
  })

  test('a metric is added up by its dimensions and by each of its rollups', () => {
    const { record, flush, lines } = recording()
    record(METRICS.requests, { Operation: 'placeOrder', StatusClass: '5xx' })
    record(METRICS.requests, { Operation: 'getOrder', StatusClass: '5xx' })
    record(METRICS.requests, { Operation: 'getOrder', StatusClass: '2xx' })
    flush()
    const published = publishedBy(lines)
    expect(valuesOf(published, 'Requests', { Operation: 'getOrder', StatusClass: '5xx' })).toEqual([1])
    expect(sum(valuesOf(published, 'Requests', { StatusClass: '5xx' }))).toBe(2)
    expect(sum(valuesOf(published, 'Requests', {}))).toBe(3)
  })

  test('a gauge is its latest value', () => {
    const { record, flush, lines } = recording()
    for (const value of [3, 9, 5]) record(METRICS.parkedStreams, { Projection: 'orders' }, value)
    flush()
    expect(valuesOf(publishedBy(lines), 'ParkedStreams', { Projection: 'orders' })).toEqual([5])
  })

  test('what was written is not written again, and nothing is written of nothing', () => {
    const { record, flush, lines } = recording()
    flush()
    expect(lines).toEqual([])
    record(METRICS.commands, { Command: 'placeOrder', Outcome: 'fault' })
    flush()
    flush()
    expect(lines).toHaveLength(1)
  })

  test('whatever is recorded, all lines are valid and no value is lost or doubled', () => {
    const Recorded = fc.oneof(
      fc.record({ kind: fc.constant('command' as const), Command, Outcome, by: fc.integer({ min: 1, max: 9 }) }),
      fc.record({ kind: fc.constant('append' as const), ms: fc.integer({ min: 0, max: 999 }) }),
      fc.record({ kind: fc.constant('request' as const), Operation: Command, ms: fc.integer({ min: 0, max: 999 }) }),
    )
    fc.assert(
      fc.property(fc.array(Recorded, { maxLength: 400, size: 'max' }), fc.nat({ max: 400 }), (recorded, at) => {
        const { record, flush, lines } = recording()
        for (const [index, each] of recorded.entries()) {
          if (each.kind === 'command')
            record(METRICS.commands, { Command: each.Command, Outcome: each.Outcome }, each.by)
          if (each.kind === 'append') record(METRICS.appendDuration, {}, each.ms)
          if (each.kind === 'request') record(METRICS.requestDuration, { Operation: each.Operation }, each.ms)
          if (index === at) flush()
        }
        flush()
        const published = publishedBy(lines)
        const commands = recorded.flatMap((each) => (each.kind === 'command' ? [each] : []))
        for (const outcome of ['executed', 'rejected', 'fault']) {
          const expected = commands.filter(({ Outcome }) => Outcome === outcome).map(({ by }) => by)
          expect(sum(valuesOf(published, 'Commands', { Outcome: outcome }))).toBe(sum(expected))
        }
        expect(valuesOf(published, 'AppendDuration', {})).toEqual(
          recorded.flatMap((each) => (each.kind === 'append' ? [each.ms] : [])),
        )
        expect(valuesOf(published, 'RequestDuration', {}).toSorted()).toEqual(
          recorded.flatMap((each) => (each.kind === 'request' ? [each.ms] : [])).toSorted(),
        )
      }),
      { numRuns: 50 },
    )
  })
})
