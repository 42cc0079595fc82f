import { describe, expect, test } from 'vitest'
import { type Commit, EventStoreFault, type StoredEvent, type StreamName } from '../../infra/event-store/port.ts'
import { destinationRecord } from '../../infra/feeds/destination-record.ts'
import type { Rebuilds } from '../../infra/rebuild/port.ts'
import { memoryProducts } from '../../infra/search/memory.ts'
import type { ProductDocuments, WriteFailure } from '../../infra/search/port.ts'
import type { Log } from '../../projections/log.ts'
import { orderPlaced, orderStream, writableStore } from './commits.ts'
import { kinesisEventOf, kinesisRecordOf, searchProjectorOf } from './search-projector-under-test.ts'
import { recordOf } from './stream-records.ts'

const price = (amount: string) => ({ amount, currency: 'GBP' })
const added = (sku: string): StoredEvent => ({
  type: 'ProductAdded',
  schemaVersion: 1,
  data: { sku, name: `NAME OF ${sku}`, category: null, price: price('2.55') },
})
const priceChanged = (amount: string): StoredEvent => ({
  type: 'ProductPriceChanged',
  schemaVersion: 1,
  data: { price: price(amount) },
})
const discontinued: StoredEvent = { type: 'ProductDiscontinued', schemaVersion: 1, data: { reason: 'sold out' } }
const fromTheFuture: StoredEvent = { ...priceChanged('1'), schemaVersion: 2 }

const productStream = (id: string): StreamName => ({ tenant: 'acme', type: 'product', id })
const documentOf = (sku: string, amount = '2.55') => ({
  sku,
  name: `NAME OF ${sku}`,
  category: null,
  price: amount,
  currency: 'GBP',
})
const held = (sku: string, version: number, document: ReturnType<typeof documentOf> | null) => ({
  tenant: 'acme',
  sku,
  version,
  document,
})

const allSucceeded = { batchItemFailures: [] }
const failedAt = (sequenceNumber: string) => ({ batchItemFailures: [{ itemIdentifier: sequenceNumber }] })

/** The failures of these products' writes; the others are written. */
const failing = (failures: ReadonlyMap<string, Pick<WriteFailure, 'reason' | 'retryable'>>) => {
  const products = memoryProducts()
  const search: ProductDocuments = {
    ...products,
    write: async (written) => {
      await products.write(written.filter(({ sku }) => !failures.has(sku)))
      return written.flatMap(({ tenant, sku }) => {
        const failure = failures.get(sku)
        return failure ? [{ tenant, sku, ...failure }] : []
      })
    },
  }
  return { search, all: products.all }
}

const heard = (): { readonly log: Log; readonly errors: string[] } => {
  const errors: string[] = []
  return { log: { warn: () => {}, error: (message) => errors.push(message) }, errors }
}

describe('the search projector', () => {
  test('keeps each product at the version of its stream and leaves a tombstone of a discontinued one', async () => {
    const { events, append } = writableStore()
    const commits = [
      await append(productStream('a'), added('a'), priceChanged('3')),
      await append(productStream('b'), added('b')),
      await append(productStream('b'), discontinued),
    ]
    const { handle, search } = searchProjectorOf({ events })
    expect(await handle(kinesisEventOf(commits))).toEqual(allSucceeded)
    expect(search.all()).toEqual([held('a', 2, documentOf('a', '3')), held('b', 2, null)])
  })

  test('a new price does not bring a discontinued product back', async () => {
    const { events, append } = writableStore()
    const commit = await append(productStream('a'), added('a'), discontinued, priceChanged('3'))
    const { handle, search } = searchProjectorOf({ events })
    await handle(kinesisEventOf([commit]))
    expect(search.all()).toEqual([held('a', 3, null)])
  })

  test('writes one request a batch, and none for what the index holds already', async () => {
    const { events, append } = writableStore()
    const commits = [await append(productStream('a'), added('a')), await append(productStream('b'), added('b'))]
    const products = memoryProducts()
    const batches: number[] = []
    const search: ProductDocuments = {
      ...products,
      write: (written) => {
        batches.push(written.length)
        return products.write(written)
      },
    }
    const { handle } = searchProjectorOf({ events, search })
    await handle(kinesisEventOf([...commits, ...commits]))
    await handle(kinesisEventOf(commits))
    expect(batches).toEqual([2, 0])
  })

  test('reads what is missing from the event store', async () => {
    const { events, append } = writableStore()
    await append(productStream('a'), added('a'))
    await append(productStream('a'), priceChanged('3'))
    const last = await append(productStream('a'), priceChanged('4'))
    const { handle, search } = searchProjectorOf({ events })
    expect(await handle(kinesisEventOf([last]))).toEqual(allSucceeded)
    expect(search.all()).toEqual([held('a', 3, documentOf('a', '4'))])
  })

  test('leaves other streams and other changes of the table alone without reading their images', async () => {
    const { events, append } = writableStore()
    const order = await append(orderStream('1'), orderPlaced('1'))
    const product = await append(productStream('a'), added('a'))
    const modified = { ...recordOf(product), eventName: 'MODIFY' as const }
    const { handle, search } = searchProjectorOf({
      events,
      commitOfImage: () => {
        throw new Error('an image was read')
      },
    })
    const { Records: orders } = kinesisEventOf([order])
    const records = [...orders, kinesisRecordOf(destinationRecord(modified, 'pk').data, '100')]
    expect(await handle({ Records: records })).toEqual(allSucceeded)
    expect(search.all()).toEqual([])
  })

  test('parks a stream with an event that it does not know, after what came before it; the others go on', async () => {
    const { events, append } = writableStore()
    const commits = [
      await append(productStream('a'), added('a')),
      await append(productStream('a'), priceChanged('3'), fromTheFuture),
      await append(productStream('b'), added('b')),
    ]
    const { log, errors } = heard()
    const { handle, search, parked } = searchProjectorOf({ events, log })
    expect(await handle(kinesisEventOf(commits))).toEqual(allSucceeded)
    expect(search.all()).toEqual([held('a', 1, documentOf('a')), held('b', 1, documentOf('b'))])
    expect(await parked()).toMatchObject([{ projection: 'product-search', stream: productStream('a'), version: 3 }])
    expect(errors).toEqual(['stream parked'])
  })

  test('rings for a rebuild that is under way before it writes, also of a stream that is parked; else it rings for nobody', async () => {
    const { events, append } = writableStore()
    const commit = await append(productStream('a'), added('a'), priceChanged('3'))
    const products = memoryProducts()
    const told: unknown[] = []
    const search: ProductDocuments = {
      ...products,
      write: (written) => {
        told.push('written')
        return products.write(written)
      },
    }
    const underWay = new Set(['orders'])
    const rebuilds: Rebuilds = {
      underWay: async () => underWay,
      ring: async (projection, rings) => {
        for (const { stream, through } of rings) told.push({ projection, stream, through })
      },
    }
    const { handle } = searchProjectorOf({ events, search, rebuilds })
    await handle(kinesisEventOf([commit]))
    expect(told).toEqual(['written'])
    underWay.add('product-search')
    await handle(kinesisEventOf([commit]))
    const rung = { projection: 'product-search', stream: productStream('a'), through: 2 }
    expect(told).toEqual(['written', rung, 'written'])
    const parked = { park: async () => {}, areParked: async () => [true] }
    await searchProjectorOf({ events, search, rebuilds, parked }).handle(kinesisEventOf([commit]))
    expect(told.slice(3, 4)).toEqual([rung])
  })

  test('whose ring is not heard has its batch come again, and writes nothing', async () => {
    const { events, append } = writableStore()
    const commit = await append(productStream('a'), added('a'))
    const rebuilds: Rebuilds = {
      underWay: async () => new Set(['product-search']),
      ring: async () => {
        throw new Error('Postgres is away')
      },
    }
    const { handle, search } = searchProjectorOf({ events, rebuilds })
    expect(await handle(kinesisEventOf([commit]))).toEqual(failedAt('9'))
    expect(search.all()).toEqual([])
  })

  test('leaves a parked stream alone until it is let go, and then catches up', async () => {
    const { events, append } = writableStore()
    const first = await append(productStream('a'), added('a'))
    const second = await append(productStream('a'), priceChanged('3'))
    const refusals = new Map([['a', { reason: 'mapping', retryable: false }]])
    const { search, all } = failing(refusals)
    const { handle, parked, unpark } = searchProjectorOf({ events, search })
    expect(await handle(kinesisEventOf([first]))).toEqual(allSucceeded)
    expect(await parked()).toMatchObject([{ stream: productStream('a'), version: 1, error: 'mapping', attempts: 1 }])
    refusals.clear()
    expect(await handle(kinesisEventOf([second]))).toEqual(allSucceeded)
    expect(all()).toEqual([])
    await unpark('product-search', productStream('a'))
    await handle(kinesisEventOf([second]))
    expect(all()).toEqual([held('a', 2, documentOf('a', '3'))])
  })

  test('a document that the index cannot take now fails its first record; the others are written', async () => {
    const { events, append } = writableStore()
    const commits: Commit[] = []
    for (const sku of ['a', 'b', 'c', 'b']) {
      commits.push(await append(productStream(sku), commits.length === 3 ? priceChanged('3') : added(sku)))
    }
    const { search, all } = failing(new Map([['b', { reason: 'busy', retryable: true }]]))
    const { handle, parked } = searchProjectorOf({ events, search })
    expect(await handle(kinesisEventOf(commits))).toEqual(failedAt('10'))
    expect(all().map(({ sku }) => sku)).toEqual(['a', 'c'])
    expect(await parked()).toEqual([])
  })

  test.each(['read', 'write'] as const)(
    'while the index is away for a %s, the first product comes again',
    async (which) => {
      const { events, append } = writableStore()
      const commits = [
        await append(orderStream('1'), orderPlaced('1')),
        await append(productStream('a'), added('a')),
        await append(productStream('b'), added('b')),
      ]
      const search: ProductDocuments = { ...memoryProducts(), [which]: () => Promise.reject(new Error('away')) }
      const { handle, parked } = searchProjectorOf({ events, search })
      expect(await handle(kinesisEventOf(commits))).toEqual(failedAt('10'))
      expect(await parked()).toEqual([])
    },
  )

  test('while the event store is away, a gap makes the batch come again', async () => {
    const { append } = writableStore()
    await append(productStream('a'), added('a'))
    const later = await append(productStream('a'), priceChanged('3'))
    const events = {
      // biome-ignore lint/correctness/useYield: it breaks before the first commit
      read: async function* () {
        throw new EventStoreFault('away', 'unavailable')
      },
    }
    const { handle, parked } = searchProjectorOf({ events })
    expect(await handle(kinesisEventOf([later]))).toEqual(failedAt('9'))
    expect(await parked()).toEqual([])
  })

  test.each([
    ['no JSON', '{"eventName":'],
    ['another shape', '{"eventName":"INSERT","dynamodb":{"Keys":{"id":{"S":"1"}}}}'],
    ['no stream', '{"eventName":"INSERT","dynamodb":{"Keys":{"pk":{"S":"acme"},"sk":{"N":"1"}}}}'],
  ])('a record of %s is parked loudly; what came with it is handled', async (_, data) => {
    const { events, append } = writableStore()
    const { Records: good } = kinesisEventOf([
      await append(productStream('a'), added('a')),
      await append(productStream('b'), added('b')),
    ])
    const { log, errors } = heard()
    const { handle, search, parked } = searchProjectorOf({ events, log })
    const records = [...good.slice(0, 1), kinesisRecordOf(data, '77'), ...good.slice(1)]
    expect(await handle({ Records: records })).toEqual(allSucceeded)
    expect(errors).toHaveLength(1)
    expect(search.all().map(({ sku }) => sku)).toEqual(['a', 'b'])
    expect(await parked()).toMatchObject([{ stream: { tenant: '?', id: '77' } }])
  })

  test('a record without an image still says that its stream has grown', async () => {
    const { events, append } = writableStore()
    await append(productStream('a'), added('a'))
    const data = '{"eventName":"INSERT","dynamodb":{"Keys":{"pk":{"S":"acme#product#a"},"sk":{"N":"1"}}}}'
    const { handle, search } = searchProjectorOf({ events })
    expect(await handle({ Records: [kinesisRecordOf(data, '1')] })).toEqual(allSucceeded)
    expect(search.all()).toEqual([held('a', 1, documentOf('a'))])
  })

  test('an image that was tampered with is not believed: the event store tells', async () => {
    const { events, append } = writableStore()
    const commit = await append(productStream('a'), added('a'))
    const forged: Commit = { ...commit, events: [added('FORGED')] }
    const { handle, search, parked } = searchProjectorOf({ events })
    expect(await handle(kinesisEventOf([forged]))).toEqual(allSucceeded)
    expect(search.all()).toEqual([held('a', 1, documentOf('a'))])
    expect(await parked()).toEqual([])
  })
})
