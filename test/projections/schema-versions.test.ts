import { expect, test } from 'vitest'
import { memoryViewStore } from '../../infra/views/memory.ts'
import { readModel } from '../../projections/read-model.ts'
import { products } from '../../projections/views/products.ts'
import { writableStore } from './commits.ts'
import { projectorOf } from './projector-under-test.ts'
import { eventOf } from './stream-records.ts'

test('an event of an earlier schema version is projected as today’s; one that has not the shape of its version parks its stream', async () => {
  const store = writableStore()
  const views = memoryViewStore()
  const lamp = { name: 'Lamp', category: null, price: { amount: '1', currency: 'GBP' } }
  const commits = await Promise.all(
    ['good', 'bad'].map((id) =>
      store.append(
        { tenant: 'acme', type: 'product', id },
        { type: 'ProductAdded', schemaVersion: 1, data: { ...lamp, ...(id === 'good' && { sku: id }) } },
      ),
    ),
  )
  await projectorOf({ projections: [readModel(products)], views, events: store.events })(eventOf(commits))
  expect(views.rows('products')).toMatchObject([{ sku: 'good', images: '[]' }])
  expect(await views.parked('products')).toMatchObject([
    { stream: { id: 'bad' }, version: 1, error: 'unknown event ProductAdded of schema 1: /data/sku is required' },
  ])
})
