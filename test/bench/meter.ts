import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'

/** What an engine was asked for. */
export type Usage = {
  /** Requests on the wire, the client's own retries among them. */
  readonly requests: number
  /** Capacity units that the engine reports for writes that went through, indexes included; it reports none for refused ones. */
  readonly writeUnits: number
}

const WRITES = new Set([
  'PutItemCommand',
  'UpdateItemCommand',
  'DeleteItemCommand',
  'BatchWriteItemCommand',
  'TransactWriteItemsCommand',
])
const READS = new Set(['GetItemCommand', 'QueryCommand'])

const unitsIn = (output: object): number => {
  const consumed = 'ConsumedCapacity' in output ? output.ConsumedCapacity : undefined
  const tables: ReadonlyArray<unknown> = Array.isArray(consumed) ? consumed : [consumed]
  return tables.reduce<number>((sum, table) => {
    const named = typeof table === 'object' && table !== null && 'CapacityUnits' in table ? table.CapacityUnits : 0
    return sum + (typeof named === 'number' ? named : 0)
  }, 0)
}

/**
 * Counts what passes through a client from now on; whoever uses the client is counted, a library as well. For counting only:
 * every answer names its capacity, so what goes through it is not timed.
 */
export const meter = (client: DynamoDBClient): (() => Usage) => {
  let requests = 0
  let writeUnits = 0
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        if (!WRITES.has(commandName) && !READS.has(commandName)) return next(args)
        const asking = Object.assign({}, args.input, { ReturnConsumedCapacity: 'TOTAL' as const })
        const result = await next({ ...args, input: asking })
        if (WRITES.has(commandName)) writeUnits += unitsIn(result.output)
        return result
      },
    { step: 'initialize' },
  )
  // This step stands behind the retries: it is passed once for every attempt.
  client.middlewareStack.add(
    (next) => (args) => {
      requests += 1
      return next(args)
    },
    { step: 'deserialize' },
  )
  return () => ({ requests, writeUnits })
}

/** What `operations` of `work` asked for, on the average of one. */
export const usagePerOp = async (
  usage: () => Usage,
  operations: number,
  work: () => Promise<unknown>,
): Promise<{ readonly requestsPerOp: number; readonly writeUnitsPerOp: number }> => {
  const before = usage()
  await work()
  const after = usage()
  return {
    requestsPerOp: (after.requests - before.requests) / operations,
    writeUnitsPerOp: (after.writeUnits - before.writeUnits) / operations,
  }
}
