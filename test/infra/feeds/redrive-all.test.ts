import { expect, test } from 'vitest'
import { redriveAll } from '../../../infra/feeds/redrive-all.ts'
import { silentLogger } from '../../../infra/log/logger.ts'
import { emfMetrics } from '../../../infra/metrics/emf.ts'
import { silentMetrics } from '../../../infra/metrics/port.ts'
import { publishedBy, valuesOf } from '../metrics/emf-lines.ts'

const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:daybook-dev-project-views:live'

const kept = (sequence: string): string =>
  JSON.stringify({
    requestContext: { functionArn: ARN, condition: 'RetryAttemptsExhausted', approximateInvokeCount: 11 },
    payload: JSON.stringify({
      Records: [{ eventSource: 'aws:dynamodb', dynamodb: { SequenceNumber: sequence, Keys: {} } }],
    }),
  })

const bucket = (objects: Map<string, string>) => ({
  keys: async function* () {
    yield* [...objects.keys()]
  },
  read: async (key: string) => objects.get(key) ?? '',
  remove: async (key: string) => {
    objects.delete(key)
  },
})

const measuring = () => {
  const lines: string[] = []
  const metrics = emfMetrics({ write: (line) => lines.push(line), namespace: 'Daybook/dev', clock: () => 0 })
  const counted = (Outcome: string): ReadonlyArray<number> => {
    metrics.flush()
    return valuesOf(publishedBy(lines), 'GivenUpBatches', { Outcome })
  }
  return { metrics, counted }
}

const running = new AbortController().signal

test('what is dealt with is removed, what cannot be stays for the next time, and one does not hold up the others', async () => {
  const { metrics, counted } = measuring()
  const objects = new Map([
    ['unreadable', 'no JSON'],
    ['lasting', kept('1')],
    ['passed', kept('2')],
  ])
  const deps = {
    objects: bucket(objects),
    retry: async (_: string, records: ReadonlyArray<object>) => JSON.stringify(records).includes('"2"'),
    park: async () => false,
    log: silentLogger,
    metrics,
  }
  expect(await redriveAll(deps, running)).toEqual({ redriven: 1, kept: 2 })
  expect([counted('redriven'), counted('kept')]).toEqual([[1], [2]])
  expect([...objects.keys()]).toEqual(['unreadable', 'lasting'])
  expect(await redriveAll({ ...deps, park: async () => true }, running)).toEqual({ redriven: 1, kept: 1 })
  expect([...objects.keys()]).toEqual(['unreadable'])
})

test('it leaves off when its time is over', async () => {
  const objects = new Map([['one', kept('1')]])
  const shared = { log: silentLogger, metrics: silentMetrics }
  const deps = { ...shared, objects: bucket(objects), retry: async () => true, park: async () => true }
  expect(await redriveAll(deps, AbortSignal.abort())).toEqual({ redriven: 0, kept: 0 })
  expect(objects.size).toBe(1)
})
