import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { memoryEventStore } from '../../../infra/event-store/memory.ts'
import { memorySubjectKeys } from '../../../infra/privacy/memory.ts'
import { privateEventStore } from '../../../infra/privacy/private-event-store.ts'
import { draftOf, eventStoreContract } from '../../contracts/event-store.ts'
import { eventStoreLimitsContract } from '../../contracts/event-store-limits.ts'
import { sequenceContract } from '../../contracts/sequences.ts'
import { transactionContract } from '../../contracts/transactions.ts'
import { testStamp } from '../event-store/stamp.ts'

// The contracts' drafts hold all kinds of data; where they are objects with an id, they are about that person.
const personal = new Map([['Happened', { subject: 'id', fields: ['id', 'tenant', 'type'] }]])

const plain = memoryEventStore(testStamp)
const store = privateEventStore(plain, { personal, keys: memorySubjectKeys() })
eventStoreContract('memory, private', async () => store)
eventStoreLimitsContract('memory, private', async () => store)
transactionContract('memory, private', async () => store)
sequenceContract(
  'memory, private',
  async () => store,
  () => async () => {},
)

const stream = (id: string) => ({ tenant: 'acme', type: 'order', id })
const SECRET = { id: 'secret-customer-7f3a', amount: 3 }

const dataOf = (slices: ReadonlyArray<{ readonly commit: { readonly events: ReadonlyArray<{ data: unknown }> } }>) =>
  slices.map(({ commit }) => commit.events.map(({ data }) => data))

test('below it nothing personal is in the open; all that it hands out is', async () => {
  const first = await store.append(store.emptyStream(stream('1')), draftOf('c1', SECRET, SECRET))
  if (E.isLeft(first)) throw new Error('not appended')
  const lost = await store.append(store.emptyStream(stream('1')), draftOf('c2', 1))
  if (E.isRight(lost) || lost.left._tag !== 'Conflict') throw new Error('expected a conflict')
  const both = [[SECRET, SECRET]]
  expect(dataOf([first.right])).toEqual(both)
  expect(dataOf([lost.left.winner])).toEqual(both)
  expect(dataOf(await Array.fromAsync(store.read(stream('1'))))).toEqual(both)
  expect(dataOf(await store.tail(stream('1'), 1))).toEqual(both)
  const below = await Array.fromAsync(plain.read(stream('1')))
  expect(JSON.stringify(below)).not.toContain(SECRET.id)
  expect(below.map(({ commit }) => commit.hash)).toEqual([first.right.commit.hash])
})

test('nor in a transaction', async () => {
  const commits = [
    { position: store.emptyStream(stream('2')), draft: draftOf('c1', SECRET) },
    { position: store.emptyStream(stream('3')), draft: draftOf('c1', SECRET) },
  ] as const
  const written = await store.appendAll({ commits })
  if (E.isLeft(written)) throw new Error(`not written: ${written.left._tag}`)
  expect(dataOf(written.right)).toEqual([[SECRET], [SECRET]])
  const lost = await store.appendAll({ commits })
  if (E.isRight(lost) || lost.left._tag !== 'Conflict') throw new Error('expected a conflict')
  expect(dataOf([lost.left.winner])).toEqual([[SECRET]])
  for (const id of ['2', '3']) {
    expect(JSON.stringify(await Array.fromAsync(plain.read(stream(id))))).not.toContain(SECRET.id)
  }
})
