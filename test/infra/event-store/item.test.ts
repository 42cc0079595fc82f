import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { jcs } from '../../../infra/event-store/canonical.ts'
import { type Sealed, seal } from '../../../infra/event-store/commit.ts'
import { sha256 } from '../../../infra/event-store/hash.ts'
import { commitOfImage, type Image, itemOf, itemSize } from '../../../infra/event-store/item.ts'
import { partitionKeyOf, streamOfPartitionKey, timeBucketOf } from '../../../infra/event-store/keys.ts'
import { emptyStream } from '../../../infra/event-store/position.ts'
import { draftOf } from '../../contracts/event-store.ts'
import { testStamp } from './stamp.ts'
import { storableJson } from './storable-json.ts'

const stream = { tenant: 'acme', type: 'order', id: '536365' }
const sealed = (...data: ReadonlyArray<unknown>): Sealed => seal(emptyStream(stream), draftOf('c1', ...data), testStamp)
const sealedFor = (client: string | undefined, ...data: ReadonlyArray<unknown>): Sealed => {
  const draft = draftOf('c1', ...data)
  return seal(emptyStream(stream), { ...draft, actor: { ...draft.actor, client } }, testStamp)
}

/** The same item as Lambda hands it over: binary as base64. */
const asLambda = (image: Image): Image =>
  Object.fromEntries(
    Object.entries(image).map(([name, value]) => [
      name,
      value.B === undefined ? value : { B: Buffer.from(value.B).toString('base64') },
    ]),
  )

const client = fc.option(fc.string({ unit: 'grapheme', maxLength: 10 }), { nil: undefined })

test('any commit comes back from its item as it was, from the table and from a feed', () => {
  fc.assert(
    fc.property(fc.array(storableJson, { minLength: 1, maxLength: 5 }), client, (events, asking) => {
      const written = sealedFor(asking, ...events)
      const item = itemOf(written)
      const expected = E.right({ ...written.commit, events: JSON.parse(written.eventsText) })
      expect(commitOfImage(item)).toEqual(expected)
      expect(commitOfImage(asLambda(item))).toEqual(expected)
    }),
  )
})

test.each([undefined, '', 'back office', 'é "quoted"\u2028'])(
  'the hash covers the RFC 8785 form of the whole commit, so anybody can compute it: client %j',
  (asking) => {
    const { commit } = sealedFor(asking, { b: 1, a: ['ä', 1e-7] }, null)
    const { hash, ...rest } = commit
    expect(hash).toBe(sha256(jcs(rest)))
  },
)

test('a commit whose client is not known has no attribute for it, as before there were clients', () => {
  expect(itemOf(sealed(1))).not.toHaveProperty('client')
  expect(itemOf(sealedFor('back office', 1))).toMatchObject({ client: { S: 'back office' } })
})

test('events are packed only where that saves a write unit', () => {
  const small = itemOf(sealed({ note: 'x'.repeat(100) }))
  expect(small['events']).toHaveProperty('S')
  const line = { sku: '85123A', description: 'WHITE HANGING HEART T-LIGHT HOLDER', quantity: 6, unitPrice: '2.55' }
  const large = itemOf(sealed({ lines: Array.from({ length: 25 }, () => line) }))
  expect(large['events']).toHaveProperty('B')
  expect(itemSize(large)).toBeLessThanOrEqual(1024)
  const noise = Array.from({ length: 1_500 }, (_, i) => (Math.sin(i) * 1e15).toString(36).slice(2, 9)).join('')
  const plain = itemOf(sealed({ noise: noise.slice(0, 600) }))
  expect(Math.ceil(itemSize(plain) / 1024)).toBeLessThanOrEqual(2)
})

test('an item that was altered anywhere is corrupt, and says which stream and version', () => {
  const item: Image = itemOf(sealed({ quantity: 6 }))
  const text = item['events']?.S ?? ''
  const alterations: ReadonlyArray<Image> = [
    { ...item, events: { S: text.replace('6', '7') } },
    { ...item, events: { S: `${text} ` } },
    { ...item, events: { S: text.slice(1) } },
    { ...item, events: { S: '[]' } },
    { ...item, events: { B: new Uint8Array([1, 2, 3]) } },
    { ...item, events: {} },
    { ...item, subject: { S: 'somebody else' } },
    { ...item, roles: { S: '' } },
    { ...item, client: { S: 'back office' } },
    { ...item, client: { N: '1' } },
    { ...item, time: { S: '2020-01-01T00:00:00.000Z' } },
    { ...item, causationId: { S: 'x' } },
    { ...item, commandId: { S: 'c2' } },
    { ...item, sk: { N: '2' } },
    { ...item, pk: { S: 'other#order#536365' } },
    { ...item, previousHash: { S: '1'.repeat(64) } },
    { ...item, hash: { S: '1'.repeat(64) } },
    { ...item, format: { N: '2' } },
  ]
  const { client: _, ...withoutClient } = itemOf(sealedFor('back office', { quantity: 6 }))
  for (const altered of [...alterations, withoutClient]) {
    const read = commitOfImage(altered)
    expect(E.isLeft(read) && read.left.message).toMatch(/^commit (acme|other)\/order\/536365@[12] is corrupt: /)
  }
})

test('a partition key names one stream, and nothing else does', () => {
  expect(streamOfPartitionKey(partitionKeyOf(stream))).toEqual(stream)
  for (const key of ['', 'acme', 'acme#order', 'acme#order#1#2', '#order#1', 'acme##1', 'acme#order#']) {
    expect(streamOfPartitionKey(key)).toBeUndefined()
  }
})

test('the time index spreads a day over 16 buckets', () => {
  const buckets = new Set(
    Array.from({ length: 500 }, (_, i) => timeBucketOf('acme', '2026-03-01T12:00:00.000Z', sha256(`${i}`))),
  )
  expect(buckets.size).toBe(16)
  expect([...buckets].every((bucket) => /^acme#2026-03-01#\d{1,2}$/.test(bucket))).toBe(true)
})
