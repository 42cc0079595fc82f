import type { KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda'
import { commitOfImage } from '../../infra/event-store/item.ts'
import type { Commit } from '../../infra/event-store/port.ts'
import { destinationRecord } from '../../infra/feeds/destination-record.ts'
import { noRebuilds } from '../../infra/rebuild/port.ts'
import { memoryProducts } from '../../infra/search/memory.ts'
import type { ProductDocument, VersionedProduct } from '../../infra/search/port.ts'
import { memoryViewStore } from '../../infra/views/memory.ts'
import { type SearchProjectorDeps, searchProjector } from '../../projections/search-projector.ts'
import { ProductEvent } from '../../schemas/events/product.ts'
import { silent } from './projector-under-test.ts'
import { recordOf } from './stream-records.ts'

export const kinesisRecordOf = (data: string | Uint8Array, sequenceNumber: string): KinesisStreamRecord => ({
  awsRegion: 'local',
  eventID: `shardId-000000000000:${sequenceNumber}`,
  eventName: 'aws:kinesis:record',
  eventSource: 'aws:kinesis',
  eventSourceARN: 'arn:aws:kinesis:local:000000000000:stream/commits',
  eventVersion: '1.0',
  invokeIdentityArn: 'arn:aws:iam::000000000000:role/projector',
  kinesis: {
    approximateArrivalTimestamp: 0,
    data: Buffer.from(data).toString('base64'),
    kinesisSchemaVersion: '1.0',
    partitionKey: 'any',
    sequenceNumber,
  },
})

/** Sequence numbers that text does not order as numbers do: 9, 10, 11, … */
export const kinesisEventOf = (commits: ReadonlyArray<Commit>): KinesisStreamEvent => ({
  Records: commits.map((commit, index) =>
    kinesisRecordOf(destinationRecord(recordOf(commit, index), 'pk').data, String(index + 9)),
  ),
})

/** A projector on memory, except for what a test puts in its place. */
export const searchProjectorOf = (deps: Pick<SearchProjectorDeps, 'events'> & Partial<SearchProjectorDeps>) => {
  const search = memoryProducts()
  const parked = memoryViewStore()
  const all: SearchProjectorDeps = { search, parked, commitOfImage, rebuilds: noRebuilds, log: silent, ...deps }
  return { handle: searchProjector(all), search, parked: () => parked.parked('product-search'), unpark: parked.unpark }
}

/** Sends a batch until it is taken, each time from the first failed record on, as Lambda does. */
export const deliverToEnd = async (
  handle: ReturnType<typeof searchProjector>,
  { Records: records }: KinesisStreamEvent,
): Promise<void> => {
  let rest = records
  for (let attempt = 0; rest.length > 0; attempt += 1) {
    if (attempt === 100) throw new Error('the handler never took the batch')
    const failed = (await handle({ Records: rest })).batchItemFailures[0]?.itemIdentifier
    rest = failed === undefined ? [] : rest.slice(rest.findIndex(({ kinesis }) => kinesis.sequenceNumber === failed))
  }
}

/** What a fold without batches, versions or an index says that it should hold. */
export const naiveProducts = (commits: ReadonlyArray<Commit>): ReadonlyArray<VersionedProduct> => {
  const products = new Map<string, VersionedProduct>()
  for (const { stream, version, events } of commits.filter((commit) => commit.stream.type === 'product')) {
    const { tenant, id: sku } = stream
    const key = `${tenant}/${sku}`
    let document: ProductDocument | null = products.get(key)?.document ?? null
    for (const event of events.filter(ProductEvent.is)) {
      if (event.type === 'ProductDiscontinued') document = null
      else {
        const { amount: price, currency } = event.data.price
        if (event.type === 'ProductAdded') {
          document = { sku, name: event.data.name, category: event.data.category, price, currency }
        } else if (document !== null) document = { ...document, price, currency }
      }
    }
    products.set(key, { tenant, sku, version: version + events.length - 1, document })
  }
  return [...products.values()]
}
