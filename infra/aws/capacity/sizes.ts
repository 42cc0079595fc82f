import { LIMITS } from './limits.ts'
import { averageOf, type Load, peakOf, UTILISATION } from './load.ts'
import { databaseUnitsBusy, databaseUnitsFilled, partitionsFilled, shardsFilled, viewsBusy } from './needs.ts'

/** A transaction's command, and two queries. Assumed. */
export const REQUESTS_A_TRANSACTION = 3

/** What one developer's import sends, and more. */
const FEWEST_REQUESTS = 200

/** API Gateway: a burst of 5,000 requests. */
const LARGEST_BURST = 5_000

/** Aurora: what a replay of all views wants beside what serves, in halves of a unit. */
const REPLAY_HALF_UNITS = 8

/** Views are caught up at so many times the rate of the busiest second. */
const CATCHING_UP = 2

/** Lambda: at most ten batches of a shard at a time. */
const MOST_AT_ONCE = 10

/** To two digits, and never less. */
const roundedUp = (value: number): number => {
  const digit = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1)
  return Math.ceil(value / digit) * digit
}

/** The settings of a stage that follow from its load. */
export type Sizes = {
  readonly kinesisShards: number
  readonly projectorsPerShard: number
  readonly databaseMinHalfUnits: number
  readonly databaseMaxHalfUnits: number
  readonly searchNodes: number
  readonly requestsPerSecond: number
  readonly requestBurst: number
}

/**
 * How large a stage is made for its load: such that its busiest second uses `UTILISATION` of everything that is not on demand. Orders are nothing
 * that is searched, so the search domain has a node in each zone, whatever the load.
 */
export const sizesOf = (load: Load & { readonly availabilityZones: number }): Sizes => {
  const peak = peakOf(load)
  const requestsPerSecond = Math.max(FEWEST_REQUESTS, roundedUp((peak * REQUESTS_A_TRANSACTION) / UTILISATION))
  const streams = Math.max(1, Math.ceil(partitionsFilled(peak)))
  const halfUnitsAt = (perSecond: number): number => Math.ceil((2 * databaseUnitsBusy(perSecond)) / UTILISATION)
  return {
    kinesisShards: Math.max(1, Math.ceil(shardsFilled(peak) / UTILISATION)),
    projectorsPerShard: Math.min(MOST_AT_ONCE, Math.max(1, Math.ceil(viewsBusy(peak) / UTILISATION / streams))),
    databaseMinHalfUnits: Math.max(1, halfUnitsAt(averageOf(load))),
    databaseMaxHalfUnits: Math.min(
      2 * LIMITS.databaseUnits,
      Math.max(REPLAY_HALF_UNITS, halfUnitsAt(peak * CATCHING_UP), Math.ceil(2 * databaseUnitsFilled(peak))),
    ),
    searchNodes: load.availabilityZones,
    requestsPerSecond,
    requestBurst: Math.min(LARGEST_BURST, 2 * requestsPerSecond),
  }
}
