import { expect, test } from 'vitest'
import { draftOf } from '../contracts/event-store.ts'
import { commandApi } from './api.ts'

const gbp = (amount: string) => ({ amount, currency: 'GBP' })
const lantern = { sku: '71053', name: 'White metal lantern', price: gbp('3.390') }

test('a product has its images in the order given, and none when none are given', async () => {
  const { post, store } = commandApi()
  const images = ['https://images.example/2.jpg', 'HTTP://images.example/1.jpg?size=l%2Fxl']
  await post('/v1/products', { ...lantern, images })
  await post('/v1/products', { ...lantern, sku: '71054' })
  expect(store.commits().map(({ events }) => events)).toMatchObject([
    [{ type: 'ProductAdded', schemaVersion: 2, data: { images } }],
    [{ type: 'ProductAdded', schemaVersion: 2, data: { images: [] } }],
  ])
})

test('what is no image, and one image too many, is refused by its place', async () => {
  const { post, store } = commandApi()
  const image = 'https://images.example/1.jpg'
  const refused = async (images: unknown) => (await post('/v1/products', { ...lantern, images })).body.errors
  expect(await refused([image, 'ftp://images.example/2.jpg', image, 'javascript:alert(1)'])).toEqual([
    { pointer: '/images/1', message: expect.stringContaining('must be an http or https URL') },
    { pointer: '/images/3', message: expect.stringContaining('must be an http or https URL') },
  ])
  const tooMany = [{ pointer: '/images', message: 'must be a list of 0 to 20 items' }]
  expect(await refused(Array.from({ length: 21 }, () => image))).toEqual(tooMany)
  expect(await refused(null)).toEqual(tooMany)
  expect(store.commits()).toEqual([])
  expect((await post('/v1/products', { ...lantern, images: Array.from({ length: 20 }, () => image) })).status).toBe(201)
})

test('a stored event from a later build is not guessed at: the answer names its stream, version and schema', async () => {
  const { post, store } = commandApi()
  const stream = { tenant: 'acme', type: 'product', id: '71053' }
  await store.append(store.emptyStream(stream), {
    ...draftOf('c1'),
    events: [{ type: 'ProductAdded', schemaVersion: 3, data: {} }],
  })
  expect(await post('/v1/products/71053/price', { price: gbp('4') })).toMatchObject({
    status: 500,
    body: {
      code: 'corrupt_commit',
      detail: expect.stringMatching(
        /acme\/product\/71053@1 .* ProductAdded of schema 3 .*: \/schemaVersion ProductAdded has schema versions 1 to 2, not 3/,
      ),
    },
  })
  expect(store.commits()).toHaveLength(1)
})
