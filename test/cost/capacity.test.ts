import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FEED_WORK, ORDER } from '../../infra/aws/capacity/counted.ts'
import { BATCHING, batchOf, billedMs, rateOf, workOf } from '../../infra/aws/capacity/functions.ts'
import { KINESIS_CONSUMERS, LIMITS } from '../../infra/aws/capacity/limits.ts'
import { peakOf, UTILISATION } from '../../infra/aws/capacity/load.ts'
import { databaseUnitsBusy, viewsBusy } from '../../infra/aws/capacity/needs.ts'
import { type Sizes, sizesOf } from '../../infra/aws/capacity/sizes.ts'

const loads = fc.record({
  transactionsADay: fc.integer({ min: 1, max: 100_000_000 }),
  peakFactor: fc.integer({ min: 1, max: 20 }),
  availabilityZones: fc.constantFrom(2, 3),
})

const SIZES: ReadonlyArray<keyof Sizes> = [
  'kinesisShards',
  'databaseMinHalfUnits',
  'databaseMaxHalfUnits',
  'requestsPerSecond',
  'requestBurst',
]

test('a larger load never gets less', () => {
  fc.assert(
    fc.property(loads, fc.integer({ min: 0, max: 10_000_000 }), (load, more) => {
      const [small, large] = [sizesOf(load), sizesOf({ ...load, transactionsADay: load.transactionsADay + more })]
      for (const size of SIZES) expect(large[size]).toBeGreaterThanOrEqual(small[size])
    }),
  )
})

test('the busiest second of any load uses no more than it may of what a stage has', () => {
  fc.assert(
    fc.property(loads, (load) => {
      const peak = peakOf(load)
      const { kinesisShards, databaseMinHalfUnits, databaseMaxHalfUnits, requestsPerSecond } = sizesOf(load)
      const uses = [
        (peak * ORDER.fedBytes) / (kinesisShards * LIMITS.shardBytes),
        (peak * ORDER.fedBytes * KINESIS_CONSUMERS) / (kinesisShards * LIMITS.shardBytesOut),
        peak / (kinesisShards * LIMITS.shardRecords),
        peak / (kinesisShards * rateOf('relay')),
        peak / requestsPerSecond,
        ...(databaseMaxHalfUnits < 2 * LIMITS.databaseUnits
          ? [(2 * databaseUnitsBusy(peak)) / databaseMaxHalfUnits]
          : []),
      ]
      for (const use of uses) expect(use).toBeLessThanOrEqual(UTILISATION)
      expect(databaseMinHalfUnits).toBeLessThanOrEqual(databaseMaxHalfUnits)
    }),
  )
})

test('the stage of ten million a day is as large as its busiest 579 transactions a second ask for', () => {
  expect(sizesOf({ transactionsADay: 10_000_000, peakFactor: 5, availabilityZones: 3 })).toEqual({
    // Three consumers read 579 records of 2,160 bytes: 3.75 MB a second, of 2 MB a shard, at 60 %.
    kinesisShards: 4,
    projectorsPerShard: 2,
    databaseMinHalfUnits: 3,
    // An hour of views, 26 GB, in memory: 1.5 GiB a unit.
    databaseMaxHalfUnits: 33,
    searchNodes: 3,
    requestsPerSecond: 2_900,
    requestBurst: 5_000,
  })
  expect(sizesOf({ transactionsADay: 1, peakFactor: 1, availabilityZones: 2 })).toEqual({
    kinesisShards: 1,
    projectorsPerShard: 1,
    databaseMinHalfUnits: 1,
    databaseMaxHalfUnits: 8,
    searchNodes: 2,
    requestsPerSecond: 200,
    requestBurst: 400,
  })
})

test('every standard consumer of the Kinesis stream may ask a shard once a second', () => {
  expect(KINESIS_CONSUMERS).toBeLessThanOrEqual(LIMITS.shardReads)
})

test('a batch is what comes while its function waits, at least one order and at most what it may be', () => {
  expect(batchOf('archive', 0.1)).toBe(1.5)
  expect(batchOf('archive', 10)).toBe(150)
  expect(batchOf('project-views', 100)).toBe(25)
  expect(batchOf('relay', 0.01)).toBe(1)
  expect(batchOf('relay', 10_000)).toBe(BATCHING.relay.batchSize)
})

test('a batch takes what was counted of one and of a hundred, and in between what lies between them', () => {
  const { one, hundred } = FEED_WORK['project-views']
  expect(workOf('project-views', 1)).toEqual(one)
  expect(workOf('project-views', 100)).toMatchObject({ cpuMs: hundred.cpuMs, logBytes: hundred.logBytes })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), (orders) => {
      const { cpuMs } = workOf('project-views', orders)
      expect(cpuMs).toBeGreaterThanOrEqual(one.cpuMs)
      expect(cpuMs).toBeLessThanOrEqual(hundred.cpuMs + 1e-9)
    }),
  )
})

test('a function of half a processor takes twice as long where it works, and as long where it waits', () => {
  const work = { ...FEED_WORK.archive.one, cpuMs: 10, waitMs: 5, requests: 2 }
  expect(billedMs(1_769, work)).toBe(35)
  expect(billedMs(1_769 / 2, work)).toBe(45)
  expect(billedMs(10_240, work)).toBe(35)
})

test('the views need fewer instances for each order the more of them come at once', () => {
  expect(viewsBusy(100) / 100).toBeLessThan(viewsBusy(1))
})
