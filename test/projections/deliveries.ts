import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda'
import * as fc from 'fast-check'
import type { Commit } from '../../infra/event-store/port.ts'
import { eventOf } from './stream-records.ts'

/** How a bad feed delivers: how often each commit, in what order, in batches of what sizes. */
export type Delivery = {
  readonly copies: ReadonlyArray<number>
  readonly ranks: ReadonlyArray<number>
  readonly sizes: ReadonlyArray<number>
}

export const deliveries: fc.Arbitrary<Delivery> = fc.record({
  copies: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 20 }),
  ranks: fc.array(fc.nat(), { minLength: 1, maxLength: 60 }),
  sizes: fc.array(fc.integer({ min: 1, max: 15 }), { minLength: 1, maxLength: 8 }),
})

const inOrder: Delivery = { copies: [1], ranks: [0], sizes: [10] }

const at = (list: ReadonlyArray<number>, index: number): number => list[index % list.length] ?? 1

/** The batches in which the feed hands the commits over, each commit at least once. */
export const batchesOf = (
  commits: ReadonlyArray<Commit>,
  { copies, ranks, sizes }: Delivery = inOrder,
): ReadonlyArray<DynamoDBStreamEvent> => {
  const copied = commits.flatMap((commit, index) => Array.from({ length: at(copies, index) }, () => commit))
  const shuffled = copied
    .map((commit, index) => ({ commit, rank: at(ranks, index) }))
    .toSorted((one, other) => one.rank - other.rank)
    .map(({ commit }) => commit)
  const batches: DynamoDBStreamEvent[] = []
  for (let start = 0; start < shuffled.length; ) {
    const size = at(sizes, batches.length)
    batches.push(eventOf(shuffled.slice(start, start + size)))
    start += size
  }
  return batches
}

/** Hands a batch over until the handler takes all of it, as the runner of an event source mapping does. */
export const deliver = async (
  handler: (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>,
  batch: DynamoDBStreamEvent,
): Promise<void> => {
  let rest = batch.Records
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const { batchItemFailures } = await handler({ Records: rest })
    const failed = batchItemFailures[0]?.itemIdentifier
    if (failed === undefined) return
    rest = rest.slice(
      Math.max(
        0,
        rest.findIndex(({ dynamodb }) => dynamodb?.SequenceNumber === failed),
      ),
    )
  }
  throw new Error('the handler never took the batch')
}
