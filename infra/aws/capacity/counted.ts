/**
 * What an order takes: one of the 427 in the 500 invoices of test/data, of 21 lines on the average, as test/cost counts it through the functions'
 * bundles. test/cost/counted.test.ts holds these figures to what it counts.
 */
export const ORDER = {
  /** Of DynamoDB, by the command: the commit, its request key, and the key of a customer who is new. */
  requests: 2.67,
  /** Units of all tables and the time index, as the engine reports them. */
  writeUnits: 4.37,
  /** Of the event table and its index alone. */
  eventWriteUnits: 2.7,
  /** By the command and by what follows it: the keys of customers. */
  readUnits: 0.7,
  /** In the table and its index, as DynamoDB measures them. */
  storedBytes: 1_650,
  /** Of the image in KB, as DynamoDB's Kinesis destination counts. */
  changeUnits: 1.7,
  /** Of the record in the Kinesis stream, and its units of 25 KB. */
  fedBytes: 2_160,
  putUnits: 1,
  /** Public events, and bytes of an entry. */
  busEvents: 1,
  busBytes: 2_090,
  /** In the archive, in parts of a hundred. */
  archivedBytes: 589,
} as const

/** What one invocation takes. Of time: milliseconds, measured on a quiet machine (docs/cost.md), which no test holds. */
export type Work = {
  readonly cpuMs: number
  /** Beside, for engines of that machine. */
  readonly waitMs: number
  /** Of AWS or Postgres, one after the other. */
  readonly requests: number
  readonly logBytes: number
  /** Of the processor of Postgres. */
  readonly postgresMs: number
  readonly s3Puts: number
  readonly s3Gets: number
}

const NOTHING: Work = { cpuMs: 0, waitMs: 0, requests: 0, logBytes: 0, postgresMs: 0, s3Puts: 0, s3Gets: 0 }

export const COMMAND_WORK: Work = { ...NOTHING, cpuMs: 2.7, waitMs: 1.6, requests: ORDER.requests, logBytes: 1_000 }

/**
 * Of each feed, when it is told of one order, and of a hundred. Postgres is asked for checkpoints, and for rows in one transaction: five requests, by
 * the code.
 */
export const FEED_WORK = {
  'project-views': {
    one: { ...NOTHING, cpuMs: 5.6, waitMs: 6, requests: 5.7, logBytes: 3_900, postgresMs: 5.6 },
    hundred: { ...NOTHING, cpuMs: 70, waitMs: 60, requests: 6, logBytes: 10_000, postgresMs: 65 },
  },
  // An order is nothing that is searched.
  'project-search': { one: { ...NOTHING, cpuMs: 0.1 }, hundred: { ...NOTHING, cpuMs: 2.4 } },
  archive: {
    one: { ...NOTHING, cpuMs: 4.4, waitMs: 0.7, requests: 4, s3Puts: 2, s3Gets: 2 },
    hundred: { ...NOTHING, cpuMs: 25, waitMs: 4, requests: 4, s3Puts: 2, s3Gets: 2 },
  },
  relay: {
    one: { ...NOTHING, cpuMs: 1.5, waitMs: 0.3, requests: 1, logBytes: 210 },
    hundred: { ...NOTHING, cpuMs: 28, waitMs: 1, requests: 10, logBytes: 212 },
  },
} as const satisfies { readonly [feed: string]: { readonly one: Work; readonly hundred: Work } }

export type Feed = keyof typeof FEED_WORK

/** Of Postgres, an order in all views: bytes of its log, and of rows and their indexes. */
export const VIEWS = { walBytes: 24_000, storedBytes: 12_500 } as const
