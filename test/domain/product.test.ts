import { test } from 'vitest'
import { type ProductCommand, product } from '../../domain/product/index.ts'
import type { ProductEvent } from '../../schemas/events/product.ts'
import { givenFor, happened, rejected } from './given.ts'

const given = givenFor(product)
const price = { amount: '2.55', currency: 'GBP' }
const facts = {
  sku: '85123A',
  name: 'White hanging heart',
  category: null,
  price,
  images: ['https://images.example/85123A.jpg'],
}
const add: ProductCommand = { type: 'AddProduct', ...facts }
const added: ProductEvent = { type: 'ProductAdded', schemaVersion: 2, data: facts }
const discontinue: ProductCommand = { type: 'DiscontinueProduct', reason: 'no demand' }
const discontinued: ProductEvent = { type: 'ProductDiscontinued', schemaVersion: 1, data: { reason: 'no demand' } }
const dearer = { amount: '2.95', currency: 'GBP' }

test('a product is added once', () => {
  given().when(add).then(happened(added))
  given(added).when(add).then(rejected('SkuTaken'))
})

test('a SKU stays taken after its product was discontinued', () => {
  given(added, discontinued).when(add).then(rejected('SkuTaken'))
})

test('only a product that is there and active changes its price', () => {
  const change: ProductCommand = { type: 'ChangeProductPrice', price: dearer }
  given(added)
    .when(change)
    .then(happened({ type: 'ProductPriceChanged', schemaVersion: 1, data: { price: dearer } }))
  given().when(change).then(rejected('ProductNotFound'))
  given(added, discontinued).when(change).then(rejected('ProductIsDiscontinued'))
})

test('a product is discontinued once', () => {
  given(added).when(discontinue).then(happened(discontinued))
  given(added, discontinued).when(discontinue).then(rejected('ProductIsDiscontinued'))
  given().when(discontinue).then(rejected('ProductNotFound'))
})
