import type { FunctionName } from '../../lambda/functions.ts'
import { COMMAND_WORK, FEED_WORK, type Feed, type Work } from './counted.ts'

/** Lambda: a whole processor at 1,769 MB, and a share of one below (Developer Guide, "Configure Lambda function memory"). */
const WHOLE_PROCESSOR_MIB = 1_769

/**
 * Memory by function. It decides how fast a function is, not how much it can take, so it is the same at every load: what somebody waits for has
 * a whole processor; what follows the events has as much as it needs beside its batch (docs/benchmarks.md, suite `lambda`: less than 90 MiB at the
 * first answer).
 */
export const MEMORY_MIB = {
  'command-api': WHOLE_PROCESSOR_MIB,
  'query-api': WHOLE_PROCESSOR_MIB,
  'subjects-api': WHOLE_PROCESSOR_MIB,
  'export-trail': WHOLE_PROCESSOR_MIB,
  'project-views': 1_024,
  'project-search': 512,
  archive: 1_024,
  relay: 512,
  process: 1_024,
  redrive: 512,
  seal: 1_024,
  migrate: 512,
  'pre-token': 128,
} as const satisfies { readonly [Name in FunctionName]: number }

type Batching = { readonly batchSize: number; readonly windowSeconds: number }

/** How functions are told of records: at most so many at once, and waiting so many seconds for them. */
export const BATCHING = {
  'project-views': { batchSize: 500, windowSeconds: 0 },
  'project-search': { batchSize: 500, windowSeconds: 1 },
  // A batch is a part of its hour's archive: a few large ones are wanted, and nobody waits for them.
  archive: { batchSize: 1_000, windowSeconds: 15 },
  relay: { batchSize: 100, windowSeconds: 1 },
} as const satisfies { readonly [Name in FunctionName]?: Batching }

/** Lambda asks a shard of a DynamoDB stream four times a second, one of Kinesis once (Developer Guide, "Polling and batching streams"). */
const POLLING_SECONDS = { 'project-views': 0.25, 'project-search': 1, archive: 1, relay: 1 } as const

/**
 * Milliseconds that a request of AWS takes more than one of an engine on the same machine. Assumed, for no AWS was measured: DynamoDB answers in a
 * few, S3 and EventBridge in more.
 */
const FARTHER_MS = 10

/** Milliseconds that Lambda bills for work, by the memory of the function. */
export const billedMs = (memoryMiB: number, { cpuMs, waitMs, requests }: Work): number =>
  Math.ceil(cpuMs * Math.max(1, WHOLE_PROCESSOR_MIB / memoryMiB) + waitMs + requests * FARTHER_MS)

export const COMMAND_MS = billedMs(MEMORY_MIB['command-api'], COMMAND_WORK)

/** How many orders a batch of a feed holds, on the average, when a shard gets so many a second. */
export const batchOf = (feed: Feed, perSecond: number): number => {
  const { batchSize, windowSeconds } = BATCHING[feed]
  return Math.min(batchSize, Math.max(1, perSecond * Math.max(windowSeconds, POLLING_SECONDS[feed])))
}

/** What a batch of so many takes: on the line through what was counted of one and of a hundred. */
export const workOf = (feed: Feed, orders: number): Work => {
  const { one, hundred } = FEED_WORK[feed]
  const at = (figure: keyof Work): number => one[figure] + ((hundred[figure] - one[figure]) * (orders - 1)) / 99
  return {
    cpuMs: at('cpuMs'),
    waitMs: at('waitMs'),
    requests: at('requests'),
    logBytes: at('logBytes'),
    postgresMs: at('postgresMs'),
    s3Puts: at('s3Puts'),
    s3Gets: at('s3Gets'),
  }
}

/** Orders a second that one invocation after another of a feed takes. */
export const rateOf = (feed: Feed): number => {
  const orders = Math.min(100, BATCHING[feed].batchSize)
  return (orders * 1_000) / billedMs(MEMORY_MIB[feed], workOf(feed, orders))
}
