/** What one command takes, on the average, as test/cost counts it in an import of real invoices. */
export type Counted = {
  /** DynamoDB write units of all tables, the time index among them. */
  readonly writeUnits: number
  /** DynamoDB requests. */
  readonly requests: number
  /** Of the record in the Kinesis stream. */
  readonly feedBytes: number
  /** Of the public events that are relayed. */
  readonly relayedBytes: number
}

/** One of the 352 real orders in test/data, 21 lines on the average; test/cost/counted.test.ts holds this to what it counts. */
export const ORDER: Counted = { writeUnits: 4.31, requests: 2.65, feedBytes: 2_059, relayedBytes: 1_516 }

/** Commands are not spread evenly: the busiest second has this many times the average. */
const PEAK = 5

const SECONDS_A_DAY = 86_400

/** Kinesis: 1 MB and 1,000 records a second and shard (Quotas and limits). */
const SHARD = { bytes: 1_000_000, records: 1_000 }

/** DynamoDB: 1,000 write units a second and partition (Best practices, "partition key design"). */
const PARTITION_WRITE_UNITS = 1_000

/** Seconds that a command takes a function's instance, assumed with room to spare: no AWS was measured. */
const COMMAND_SECONDS = 0.05

export type Capacity = {
  readonly commandsPerSecond: number
  readonly writeUnitsPerSecond: number
  /** Partitions that the table's writes have to be spread over. */
  readonly partitions: number
  readonly kinesisShards: number
  /** Instances of the command function at a time. */
  readonly commandConcurrency: number
}

/** What the busiest second of a day with so many commands takes. */
export const capacityOf = (counted: Counted, commandsADay: number): Capacity => {
  const commandsPerSecond = (commandsADay / SECONDS_A_DAY) * PEAK
  const writeUnitsPerSecond = commandsPerSecond * counted.writeUnits
  return {
    commandsPerSecond,
    writeUnitsPerSecond,
    partitions: Math.ceil(writeUnitsPerSecond / PARTITION_WRITE_UNITS),
    kinesisShards: Math.ceil(
      Math.max((commandsPerSecond * counted.feedBytes) / SHARD.bytes, commandsPerSecond / SHARD.records),
    ),
    commandConcurrency: Math.ceil(commandsPerSecond * COMMAND_SECONDS),
  }
}
