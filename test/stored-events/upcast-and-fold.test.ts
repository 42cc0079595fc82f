import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { products } from '../../commands/aggregates.ts'
import { assumeEmpty, catchUp } from '../../commands/load.ts'
import type { StoredEvent } from '../../infra/event-store/port.ts'
import { memoryProducts } from '../../infra/search/memory.ts'
import { memoryViewStore } from '../../infra/views/memory.ts'
import { postgresProjections } from '../../projections/registry.ts'
import { writableStore } from '../projections/commits.ts'
import { projectorOf } from '../projections/projector-under-test.ts'
import { kinesisEventOf, searchProjectorOf } from '../projections/search-projector-under-test.ts'
import { eventOf } from '../projections/stream-records.ts'

const stream = { tenant: 'acme', type: 'product', id: '71053' }

const name = fc.string({ minLength: 1, maxLength: 200, unit: 'grapheme-ascii' })
const price = fc.record({ amount: fc.constantFrom('0', '2.55', '0.001'), currency: fc.constantFrom('GBP', 'EUR') })
const added = fc.record({ sku: fc.constant(stream.id), name, category: fc.option(name), price })
const later = fc.oneof(
  fc.record({ type: fc.constant('ProductPriceChanged'), schemaVersion: fc.constant(1), data: fc.record({ price }) }),
  fc.record({
    type: fc.constant('ProductDiscontinued'),
    schemaVersion: fc.constant(1),
    data: fc.record({ reason: name }),
  }),
)

/** What commands, views and search make of a stream. */
const foldsOf = async (events: ReadonlyArray<StoredEvent>) => {
  const store = writableStore()
  const views = memoryViewStore()
  const search = memoryProducts()
  const commits = []
  for (const event of events) commits.push(await store.append(stream, event))
  await projectorOf({ projections: postgresProjections, views, events: store.events })(eventOf(commits))
  const searching = searchProjectorOf({ events: store.events, search })
  await searching.handle(kinesisEventOf(commits))
  const { state, position } = await catchUp(store.events, products, assumeEmpty(store.events, products, stream))
  return { state, version: position.version, rows: views.rows('products'), documents: search.all() }
}

test('a product of version 1, upcast and folded, is the same product added today without images', async () => {
  await fc.assert(
    fc.asyncProperty(added, fc.array(later, { maxLength: 5 }), async (data, changes) => {
      const old: StoredEvent = { type: 'ProductAdded', schemaVersion: 1, data }
      const today: StoredEvent = { type: 'ProductAdded', schemaVersion: 2, data: { ...data, images: [] } }
      const folded = await foldsOf([old, ...changes])
      expect(folded).toEqual(await foldsOf([today, ...changes]))
      expect(folded).toMatchObject({
        version: 1 + changes.length,
        rows: [{ sku: stream.id, images: '[]', version: 1 + changes.length }],
        documents: [{ version: 1 + changes.length }],
      })
    }),
  )
})
