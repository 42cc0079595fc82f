import { afterEach, expect, test } from 'vitest'
import { type Mapping, startMapping } from '../../../infra/feeds/mapping.ts'
import type { MappingConfig } from '../../../infra/feeds/mapping-config.ts'
import { memoryPositions } from '../../../infra/feeds/positions.ts'
import { type Delivered, eventually, mappingOf, payloadsOf } from './mapping-under-test.ts'
import { memorySource } from './memory-source.ts'

const running: Mapping[] = []
const start = (config: MappingConfig<number, Delivered<number>>): Mapping => {
  const mapping = startMapping(config)
  running.push(mapping)
  return mapping
}
afterEach(async () => {
  await Promise.all(running.splice(0).map((mapping) => mapping.stop()))
})

const upTo = (count: number): ReadonlyArray<number> => Array.from({ length: count }, (_, index) => index + 1)

const sourceWith = (count: number) => {
  const source = memorySource<number>()
  source.add('a')
  source.append('a', ...upTo(count))
  return source
}

/** A handler that notes what it got and fails where `fails` says so. */
const noting = (fails: (payloads: ReadonlyArray<number>, call: number) => string | null = () => null) => {
  const calls: Array<ReadonlyArray<number>> = []
  const handler = async (delivered: Delivered<number>) => {
    calls.push(payloadsOf(delivered))
    const itemIdentifier = fails(payloadsOf(delivered), calls.length)
    return { batchItemFailures: itemIdentifier === null ? [] : [{ itemIdentifier }] }
  }
  return { calls, handler }
}

test('records are delivered in order, in batches of at most the batch size', async () => {
  const { calls, handler } = noting()
  const mapping = start(mappingOf({ source: sourceWith(25), handler }))
  await eventually(mapping.idle)
  expect(calls).toEqual([upTo(10), upTo(20).slice(10), upTo(25).slice(20)])
  expect(mapping.status()).toMatchObject({ handled: 25, pending: 0, discarded: 0, lastError: null, lagMs: 0 })
})

test('records before the first failed one are done, the others are delivered again', async () => {
  const { calls, handler } = noting((_, call) => (call === 1 ? '4' : null))
  const mapping = start(mappingOf({ source: sourceWith(6), handler }))
  await eventually(mapping.idle)
  expect(calls).toEqual([upTo(6), [4, 5, 6]])
})

test('a handler that throws gets the whole batch again', async () => {
  const { calls, handler } = noting((_, call) => {
    if (call === 1) throw new Error('away')
    return null
  })
  const mapping = start(mappingOf({ source: sourceWith(3), handler }))
  await eventually(mapping.idle)
  expect(calls).toEqual([upTo(3), upTo(3)])
})

test('a failure shows in the status until the handler works again', async () => {
  let broken = true
  const handler = async (): Promise<void> => {
    if (broken) throw new Error('the view is away')
  }
  const mapping = start(mappingOf({ source: sourceWith(3), handler, clock: () => 5_000 }))
  await eventually(() => mapping.status().lastError === 'the view is away')
  expect(mapping.status()).toMatchObject({ pending: 3, lagMs: 5_000, handled: 0, caughtUp: false })
  broken = false
  await eventually(mapping.idle)
  expect(mapping.status().lastError).toBeNull()
})

test('when the retry quota is used up the records go to the on-failure destination and the mapping goes on', async () => {
  const discarded: unknown[] = []
  const { calls, handler } = noting((payloads) => (payloads.includes(2) ? '2' : null))
  const mapping = start(
    mappingOf({
      source: sourceWith(6),
      handler,
      batchSize: 3,
      maximumRetryAttempts: 2,
      onFailure: async ({ records, condition, invocations, shardId }) => {
        discarded.push({ payloads: records.map(({ payload }) => payload), condition, invocations, shardId })
      },
    }),
  )
  await eventually(mapping.idle)
  expect(calls).toEqual([
    [1, 2, 3],
    [2, 3],
    [2, 3],
    [4, 5, 6],
  ])
  const condition = 'RetryAttemptsExhausted'
  expect(discarded).toEqual([{ payloads: [2, 3], condition, invocations: 3, shardId: 'a' }])
  expect(mapping.status().discarded).toBe(2)
})

test('records that are too old are discarded undelivered, the others behind them are delivered', async () => {
  const source = sourceWith(2)
  source.arriveAt(40_000)
  source.append('a', 3, 4)
  const discarded: unknown[] = []
  const { calls, handler } = noting()
  const positions = memoryPositions()
  const mapping = start(
    mappingOf({
      source,
      handler,
      positions,
      maximumRecordAgeInSeconds: 60,
      clock: () => 60_001,
      onFailure: async ({ records, condition, invocations }) => {
        discarded.push({ payloads: records.map(({ payload }) => payload), condition, invocations })
      },
    }),
  )
  await eventually(mapping.idle)
  expect(calls).toEqual([[3, 4]])
  expect(discarded).toEqual([{ payloads: [1, 2], condition: 'RecordAgeExceeded', invocations: 0 }])
  expect(mapping.status()).toMatchObject({ discarded: 2, pending: 0 })
  expect((await positions.open('under-test', 'first')).load('a')).toBe('4')
})

test('records grow too old while they fail, whatever is left of their retries', async () => {
  let now = 0
  const discarded: unknown[] = []
  const { calls, handler } = noting((payloads) => {
    now += 25_000
    return payloads.includes(2) ? '2' : null
  })
  const source = sourceWith(3)
  const mapping = start(
    mappingOf({
      source,
      handler,
      maximumRecordAgeInSeconds: 60,
      clock: () => now,
      onFailure: async ({ records, condition, invocations, reason }) => {
        discarded.push({ payloads: records.map(({ payload }) => payload), condition, invocations, reason })
      },
    }),
  )
  await eventually(mapping.idle)
  expect(calls).toEqual([
    [1, 2, 3],
    [2, 3],
    [2, 3],
  ])
  const reason = 'the handler answered batchItemFailures'
  expect(discarded).toEqual([{ payloads: [2, 3], condition: 'RecordAgeExceeded', invocations: 3, reason }])
})

test('a retry quota of zero delivers once', async () => {
  const { calls, handler } = noting(() => '')
  const mapping = start(mappingOf({ source: sourceWith(2), handler, maximumRetryAttempts: 0 }))
  await eventually(mapping.idle)
  expect(calls).toEqual([[1, 2]])
})

test('bisecting isolates one poison record, and splitting uses up none of its retries', async () => {
  const discarded: unknown[] = []
  const handled = new Set<number>()
  let alone = 0
  const handler = async (delivered: Delivered<number>): Promise<void> => {
    const payloads = payloadsOf(delivered)
    if (payloads.length === 1 && payloads[0] === 137) alone += 1
    if (payloads.includes(137)) throw new Error('poison')
    for (const payload of payloads) handled.add(payload)
  }
  const mapping = start(
    mappingOf({
      source: sourceWith(200),
      handler,
      batchSize: 200,
      maximumRetryAttempts: 3,
      bisectBatchOnFunctionError: true,
      onFailure: async ({ records }) => {
        discarded.push(...records.map(({ payload }) => payload))
      },
    }),
  )
  await eventually(mapping.idle)
  expect(discarded).toEqual([137])
  expect(alone).toBe(4)
  expect([...handled]).toEqual(upTo(200).filter((payload) => payload !== 137))
})

test('with bisecting, a partial answer splits at the record that it names', async () => {
  const { calls, handler } = noting((_, call) => (call === 1 ? '4' : null))
  const mapping = start(mappingOf({ source: sourceWith(6), handler, bisectBatchOnFunctionError: true }))
  await eventually(mapping.idle)
  expect(calls).toEqual([upTo(6), [4, 5, 6]])
})

test('records stay undiscarded until the on-failure destination takes them', async () => {
  let refusals = 3
  const { handler } = noting(() => '')
  const positions = memoryPositions()
  const mapping = start(
    mappingOf({
      source: sourceWith(2),
      handler,
      positions,
      maximumRetryAttempts: 0,
      onFailure: async () => {
        refusals -= 1
        if (refusals >= 0) throw new Error('full')
      },
    }),
  )
  await eventually(mapping.idle)
  expect(refusals).toBe(-1)
})

test('after a crash, a new mapping gets at least what was not saved', async () => {
  const source = sourceWith(30)
  const positions = memoryPositions()
  const never = new Promise<void>(() => {})
  const first: number[] = []
  const crashing = async (delivered: Delivered<number>): Promise<void> => {
    if (first.length >= 20) return never
    first.push(...payloadsOf(delivered))
  }
  startMapping(mappingOf({ source, positions, handler: crashing }))
  await eventually(() => first.length === 20)
  const { calls, handler } = noting()
  const mapping = start(mappingOf({ source, positions, handler }))
  await eventually(mapping.idle)
  expect(calls.flat()).toEqual(upTo(30).slice(20))
})

test('a position is saved only after the handler succeeded', async () => {
  const positions = memoryPositions()
  const saved = async () => (await positions.open('under-test', 'first')).load('a')
  let release = (): void => {}
  const gate = new Promise<void>((resolve) => {
    release = resolve
  })
  let called = false
  const handler = async (): Promise<void> => {
    called = true
    await gate
  }
  const mapping = start(mappingOf({ source: sourceWith(3), positions, handler }))
  await eventually(() => called)
  expect(await saved()).toBeNull()
  release()
  await eventually(mapping.idle)
  expect(await saved()).toBe('3')
})

test('after a partial answer the position stands before the first failed record', async () => {
  const positions = memoryPositions()
  const { handler } = noting((payloads) => (payloads.includes(4) ? '4' : null))
  const mapping = start(mappingOf({ source: sourceWith(6), positions, handler }))
  await eventually(() => mapping.status().handled === 3)
  await mapping.stop()
  expect((await positions.open('under-test', 'first')).load('a')).toBe('3')
})

test('positions of another incarnation of the stream are void', async () => {
  const positions = memoryPositions()
  const mapping = start(mappingOf({ source: sourceWith(3), positions, handler: noting().handler }))
  await eventually(mapping.idle)
  await mapping.stop()
  const recreated = memorySource<number>('second')
  recreated.add('a')
  recreated.append('a', 7)
  const { calls, handler } = noting()
  await eventually(start(mappingOf({ source: recreated, positions, handler })).idle)
  expect(calls).toEqual([[7]])
})

test('a child shard is read only when its parents were handled to their ends', async () => {
  const source = memorySource<number>()
  source.add('left')
  source.add('right')
  source.add('merged', 'left', 'right')
  source.append('left', 1, 2)
  source.append('right', 3, 4)
  source.append('merged', 5)
  source.close('left')
  const { calls, handler } = noting()
  const mapping = start(mappingOf({ source, handler, listShardsEveryMs: 5 }))
  await eventually(() => calls.flat().length === 4)
  await eventually(mapping.idle)
  expect(calls.flat()).not.toContain(5)
  source.close('right')
  await eventually(() => calls.flat().includes(5))
  expect(calls.flat().at(-1)).toBe(5)
})

test('shards are handled at the same time, but no more of them than allowed', async () => {
  const source = memorySource<number>()
  const shards = upTo(8).map(String)
  for (const shard of shards) {
    source.add(shard)
    source.append(shard, 1, 2, 3)
  }
  let now = 0
  let most = 0
  const handler = async (): Promise<void> => {
    now += 1
    most = Math.max(most, now)
    await new Promise((resume) => setTimeout(resume, 5))
    now -= 1
  }
  const mapping = start(mappingOf({ source, handler, batchSize: 1, parallel: 3 }))
  await eventually(() => mapping.status().handled === 24)
  expect(most).toBe(3)
})

test('a batching window gathers records that come one by one, but not those that were there before', async () => {
  const source = sourceWith(1)
  const { calls, handler } = noting()
  const mapping = start(mappingOf({ source, handler, maximumBatchingWindowMs: 60_000, batchSize: 4 }))
  await eventually(() => mapping.status().handled === 1)
  source.append('a', 2)
  const before = source.reads()
  await eventually(() => source.reads() > before + 4)
  source.append('a', 3, 4, 5, 6)
  await eventually(() => mapping.status().handled === 5)
  expect(calls).toEqual([upTo(1), upTo(5).slice(1)])
})

test('waking a mapping ends its pause', async () => {
  const source = sourceWith(1)
  const { calls, handler } = noting()
  const mapping = start(mappingOf({ source, handler, poll: { minimumMs: 3_600_000, maximumMs: 3_600_000 } }))
  await eventually(() => calls.length === 1)
  source.append('a', 2)
  mapping.wake('a')
  await eventually(() => calls.length === 2)
  source.append('a', 3)
  mapping.wake()
  await eventually(() => calls.length === 3)
})

test('a mapping whose source fails waits for it, says so, and loses nothing', async () => {
  const source = sourceWith(3)
  let away = true
  const faltering = {
    ...source,
    read: (request: Parameters<typeof source.read>[0]) =>
      away ? Promise.reject(new Error('the stream is away')) : source.read(request),
  }
  const { calls, handler } = noting()
  const mapping = start(mappingOf({ source: faltering, handler }))
  await eventually(() => mapping.status().lastError === 'the stream is away')
  away = false
  await eventually(mapping.idle)
  expect(calls).toEqual([upTo(3)])
  expect(mapping.status().lastError).toBeNull()
})

test('stopping lets a running handler finish and starts no other', async () => {
  const source = sourceWith(30)
  const positions = memoryPositions()
  let release = (): void => {}
  const gate = new Promise<void>((resolve) => {
    release = resolve
  })
  const { calls, handler } = noting()
  const mapping = start(
    mappingOf({
      source,
      positions,
      handler: async (delivered) => {
        await handler(delivered)
        await gate
      },
    }),
  )
  await eventually(() => calls.length === 1)
  const stopped = mapping.stop()
  release()
  await stopped
  expect(calls).toHaveLength(1)
  expect((await positions.open('under-test', 'first')).load('a')).toBe('10')
})
