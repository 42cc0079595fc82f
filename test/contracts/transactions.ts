import * as E from 'fp-ts/lib/Either.js'
import type { ReadonlyNonEmptyArray } from 'fp-ts/lib/ReadonlyNonEmptyArray.js'
import * as RNEA from 'fp-ts/lib/ReadonlyNonEmptyArray.js'
import { describe, expect, test } from 'vitest'
import type { Appended, Commit, Position, StreamName } from '../../infra/event-store/port.ts'
import type {
  Advance,
  Holding,
  Transaction,
  TransactionalEventStore,
  TransactionFailure,
} from '../../infra/event-store/transaction-port.ts'
import { draftOf } from './event-store.ts'
import { noise } from './noise.ts'

let names = 0
const fresh = (prefix: string): string => {
  names += 1
  return `${prefix}-${names}-${process.pid}-${Date.now()}`
}
const freshStream = (tenant = 'acme'): StreamName => ({ tenant, type: 'order', id: fresh('stream') })
const freshTenant = (): string => fresh('tenant').slice(0, 40)

type Settled = E.Either<TransactionFailure, ReadonlyNonEmptyArray<Appended>>

const must = (settled: Settled): ReadonlyNonEmptyArray<Appended> => {
  if (E.isLeft(settled)) throw new Error(`not appended: ${JSON.stringify(settled.left)}`)
  return settled.right
}

const begin = (store: TransactionalEventStore, stream: StreamName, ...data: ReadonlyArray<unknown>) => ({
  position: store.emptyStream(stream),
  draft: draftOf('c1', ...(data.length === 0 ? [1] : data)),
})

const commitsOf = async (store: TransactionalEventStore, stream: StreamName): Promise<ReadonlyArray<Commit>> => {
  const commits: Commit[] = []
  for await (const { commit } of store.read(stream)) commits.push(commit)
  return commits
}

const holding = (holder: StreamName, value: string, scope = 'email'): Holding => ({ scope, value, holder })

/** Uses number `through`, if the one before it is the last that was used. */
const taking = (tenant: string, through: number): Advance => ({
  sequence: { tenant, name: 'invoice' },
  after: through - 1,
  through,
})

/** Of this much noise an item takes about 325 KB: 12 commits fit a transaction, 13 do not. */
const LARGE = 500_000

/** What every event store with transactions keeps beyond `eventStoreContract`. `connect` gives another handle on the same data. */
export const transactionContract = (name: string, connect: () => Promise<TransactionalEventStore>): void => {
  describe(`transactions on ${name}`, () => {
    test('commits on several streams are written together, and come back in their order', async () => {
      const store = await connect()
      const [one, other] = [freshStream(), freshStream()]
      const [first] = must(await store.appendAll({ commits: [begin(store, one, 'a', 'b')] }))
      const [second, third] = must(
        await store.appendAll({
          commits: [{ position: first.position, draft: draftOf('c2', 'c') }, begin(store, other, 'd')],
        }),
      )
      expect(await commitsOf(await connect(), one)).toEqual([first.commit, second.commit])
      expect(await commitsOf(await connect(), other)).toEqual([third?.commit])
      expect(second.commit).toMatchObject({ version: 3, previousHash: first.commit.hash })
    })

    test('the positions that come back are good to append behind, with or without a transaction', async () => {
      const store = await connect()
      const stream = freshStream()
      const [first] = must(await store.appendAll({ commits: [begin(store, stream)] }))
      const second = await store.append(first.position, draftOf('c2', 2))
      if (E.isLeft(second)) throw new Error('not appended')
      must(await store.appendAll({ commits: [{ position: second.right.position, draft: draftOf('c3', 3) }] }))
      expect((await commitsOf(store, stream)).map(({ version }) => version)).toEqual([1, 2, 3])
    })

    describe('when one part cannot be written, nothing is:', () => {
      /** Everything that a transaction may hold, on names of its own. */
      const whole = async () => {
        const store = await connect()
        const tenant = freshTenant()
        const [one, other, third] = [freshStream(tenant), freshStream(tenant), freshStream(tenant)]
        const transaction = {
          commits: [begin(store, one), begin(store, other)],
          unmoved: [store.emptyStream(third)],
          claims: [holding(one, 'a@example.com')],
          releases: [holding(other, 'b@example.com')],
          advances: [taking(tenant, 1)],
        } satisfies Transaction
        const expectNothing = async (after: Settled, but: ReadonlyArray<StreamName> = []) => {
          expect(E.isLeft(after)).toBe(true)
          for (const stream of [one, other]) {
            if (!but.includes(stream)) expect(await commitsOf(store, stream)).toEqual([])
          }
          const stranger = freshStream(tenant)
          must(
            await store.appendAll({
              commits: [begin(store, stranger)],
              ...(!but.includes(third) && { unmoved: transaction.unmoved }),
              claims: [holding(stranger, 'a@example.com')],
            }),
          )
        }
        return { store, tenant, one, other, third, transaction, expectNothing }
      }

      test('a commit that somebody else’s stands in the way of answers that winner', async () => {
        const { store, other, transaction, expectNothing } = await whole()
        const [{ commit, position }] = must(await store.appendAll({ commits: [begin(store, other, 'winner')] }))
        const lost = await store.appendAll(transaction)
        expect(lost).toEqual(E.left({ _tag: 'Conflict', winner: { commit, position } }))
        await expectNothing(lost, [other])
        if (E.isRight(lost) || lost.left._tag !== 'Conflict') throw new Error('expected a conflict')
        const behind = { position: lost.left.winner.position, draft: draftOf('c2', 2) }
        must(await store.appendAll({ ...transaction, commits: [behind], claims: [] }))
      })

      test('a stream that moved though it was not to answers what moved it', async () => {
        const { store, third, transaction, expectNothing } = await whole()
        const [{ commit }] = must(await store.appendAll({ commits: [begin(store, third, 'moved')] }))
        const lost = await store.appendAll(transaction)
        expect(lost).toMatchObject(E.left({ _tag: 'Conflict', winner: { commit } }))
        await expectNothing(lost, [third])
      })

      test('a claim of what another holds answers scope, value and holder', async () => {
        const { store, tenant, one, transaction } = await whole()
        const holder = freshStream(tenant)
        must(await store.appendAll({ commits: [begin(store, holder)], claims: [holding(holder, 'a@example.com')] }))
        const lost = await store.appendAll(transaction)
        expect(lost).toEqual(E.left({ _tag: 'Reserved', scope: 'email', value: 'a@example.com', holder }))
        expect(await commitsOf(store, one)).toEqual([])
        must(await store.appendAll({ ...transaction, claims: [] }))
      })

      test('a release of what another holds answers scope, value and holder', async () => {
        const { store, tenant, transaction, expectNothing } = await whole()
        const holder = freshStream(tenant)
        must(await store.appendAll({ commits: [begin(store, holder)], claims: [holding(holder, 'b@example.com')] }))
        const lost = await store.appendAll(transaction)
        expect(lost).toEqual(E.left({ _tag: 'Reserved', scope: 'email', value: 'b@example.com', holder }))
        await expectNothing(lost)
      })

      test('a sequence that stands elsewhere answers its last number', async () => {
        const { store, tenant, transaction, expectNothing } = await whole()
        const sequence = { tenant, name: 'invoice' }
        const three = { sequence, after: 0, through: 3 }
        must(await store.appendAll({ commits: [begin(store, freshStream(tenant))], advances: [three] }))
        const lost = await store.appendAll(transaction)
        expect(lost).toEqual(E.left({ _tag: 'SequenceMoved', sequence, last: 3 }))
        await expectNothing(lost)
        const four = { sequence, after: 3, through: 4 }
        must(await store.appendAll({ commits: [begin(store, freshStream(tenant))], advances: [four] }))
      })

      test('a sequence that never began answers 0', async () => {
        const { store, tenant, transaction, expectNothing } = await whole()
        const lost = await store.appendAll({ ...transaction, advances: [taking(tenant, 7)] })
        expect(lost).toMatchObject(E.left({ _tag: 'SequenceMoved', last: 0 }))
        await expectNothing(lost)
      })
    })

    test('of several things in the way conflicts are told first, then reservations, then sequences', async () => {
      const store = await connect()
      const tenant = freshTenant()
      const [holder, mine] = [freshStream(tenant), freshStream(tenant)]
      const claims = (stream: StreamName) => ({ claims: [holding(stream, 'x')], advances: [taking(tenant, 1)] })
      must(await store.appendAll({ commits: [begin(store, holder)], ...claims(holder) }))
      const reserved = await store.appendAll({ commits: [begin(store, mine)], ...claims(mine) })
      expect(reserved).toMatchObject(E.left({ _tag: 'Reserved' }))
      must(await store.appendAll({ commits: [begin(store, mine)] }))
      const conflict = await store.appendAll({ commits: [begin(store, mine)], ...claims(mine) })
      expect(conflict).toMatchObject(E.left({ _tag: 'Conflict' }))
    })

    test('claiming again what one holds, and releasing what nobody holds, changes nothing', async () => {
      const store = await connect()
      const stream = freshStream(freshTenant())
      const value = 'a@example.com'
      let position = store.emptyStream(stream)
      const step = async (parts: Pick<Transaction, 'claims' | 'releases'>) => {
        const draft = draftOf(fresh('command'), 1)
        position = must(await store.appendAll({ commits: [{ position, draft }], ...parts }))[0].position
      }
      await step({ releases: [holding(stream, value)] })
      await step({ claims: [holding(stream, value)] })
      await step({ claims: [holding(stream, value)] })
      await step({ releases: [holding(stream, value)] })
      await step({ releases: [holding(stream, value)] })
      const next = freshStream(stream.tenant)
      must(await store.appendAll({ commits: [begin(store, next)], claims: [holding(next, value)] }))
      const late = { commits: [{ position, draft: draftOf('late', 1) }], claims: [holding(stream, value)] } as const
      expect(await store.appendAll(late)).toMatchObject(E.left({ _tag: 'Reserved', holder: next }))
    })

    test('values are told apart whatever they hold, as are scopes, tenants and sequences of the same name', async () => {
      const store = await connect()
      const tenant = freshTenant()
      const values = ['a', 'A', 'a#', '#a', 'a#b', ':a', ' a', 'ä', 'a\u0308', '😀', '\u0000', 'x'.repeat(1024)]
      const holders = values.map(() => freshStream(tenant))
      for (const [index, value] of values.entries()) {
        const holder = holders[index] ?? freshStream(tenant)
        must(await store.appendAll({ commits: [begin(store, holder)], claims: [holding(holder, value)] }))
      }
      for (const [index, value] of values.entries()) {
        const late = freshStream(tenant)
        expect(await store.appendAll({ commits: [begin(store, late)], claims: [holding(late, value)] })).toEqual(
          E.left({ _tag: 'Reserved', scope: 'email', value, holder: holders[index] }),
        )
      }
      const [here, elsewhere] = [freshStream(tenant), freshStream(freshTenant())]
      must(
        await store.appendAll({
          commits: [begin(store, here), begin(store, elsewhere)],
          claims: [holding(here, 'a', 'invoice'), holding(elsewhere, 'a')],
          advances: [
            taking(tenant, 1),
            taking(elsewhere.tenant, 1),
            { sequence: { tenant, name: 'email' }, after: 0, through: 1 },
          ],
        }),
      )
    })

    describe('what no transaction can hold is refused before any write, naming the limit:', () => {
      const expectRefused = async (of: (store: TransactionalEventStore, stream: StreamName) => Transaction) => {
        const store = await connect()
        const stream = freshStream()
        const refused = await store.appendAll(of(store, stream))
        expect(await commitsOf(store, stream)).toEqual([])
        return refused
      }

      const commits = (store: TransactionalEventStore, stream: StreamName, count: number, characters: number) =>
        RNEA.makeBy((i) => begin(store, i === 0 ? stream : freshStream(), noise(characters, i)))(count)

      test('100 actions are written, 101 are not', async () => {
        const store = await connect()
        const stream = freshStream()
        const claims = Array.from({ length: 30 }, () => holding(stream, fresh('value')))
        const unmoved = Array.from({ length: 30 }, () => store.emptyStream(freshStream()))
        const hundred = { commits: commits(store, stream, 40, 0), claims, unmoved }
        const refused = await store.appendAll({ ...hundred, releases: [holding(stream, fresh('value'))] })
        expect(refused).toEqual(E.left({ _tag: 'OverLimit', limit: 'actions', actual: 101, allowed: 100 }))
        expect(await commitsOf(store, stream)).toEqual([])
        expect(must(await store.appendAll(hundred))).toHaveLength(40)
      })

      test('4 MB in all are written, more are not', async () => {
        const refused = await expectRefused((store, stream) => ({ commits: commits(store, stream, 13, LARGE) }))
        expect(refused).toMatchObject(E.left({ _tag: 'OverLimit', limit: 'bytes', allowed: 4 * 1024 * 1024 - 16_384 }))
        const store = await connect()
        must(await store.appendAll({ commits: commits(store, freshStream(), 12, LARGE) }))
      })

      test('8 MB of events a commit', async () => {
        const refused = await expectRefused((store, stream) => ({
          commits: [begin(store, stream), begin(store, freshStream(), 'x'.repeat(8 * 1024 * 1024))],
        }))
        expect(refused).toMatchObject(E.left({ _tag: 'CommitTooLarge', limit: 8 * 1024 * 1024 }))
      })

      test.each<readonly [string, (store: TransactionalEventStore, stream: StreamName) => Transaction]>([
        ['the same stream twice', (store, stream) => ({ commits: [begin(store, stream), begin(store, stream)] })],
        [
          'a stream that is written to and must not move',
          (store, stream) => ({ commits: [begin(store, stream)], unmoved: [store.emptyStream(stream)] }),
        ],
        [
          'the same reservation twice',
          (store, stream) => ({
            commits: [begin(store, stream)],
            claims: [holding(stream, 'a')],
            releases: [holding(stream, 'a')],
          }),
        ],
        [
          'the same sequence twice',
          (store, stream) => ({
            commits: [begin(store, stream)],
            advances: [taking(stream.tenant, 1), taking(stream.tenant, 2)],
          }),
        ],
      ])('%s', async (_, of) => {
        const refused = await expectRefused(of)
        const limit = { limit: 'actions-on-an-item', actual: 2, allowed: 1 }
        expect(refused).toMatchObject(E.left({ _tag: 'OverLimit', ...limit, item: expect.any(String) }))
      })
    })

    test('what no caller may ask for is refused before any write', async () => {
      const store = await connect()
      const stream = freshStream()
      const [{ position }] = must(await store.appendAll({ commits: [begin(store, freshStream())] }))
      const forged: Position = { ...position, version: 9 }
      const sequence = { tenant: stream.tenant, name: 'invoice' }
      const wrong: ReadonlyArray<Partial<Transaction>> = [
        { commits: [begin(store, stream), { position: forged, draft: draftOf('c2', 1) }] },
        { unmoved: [forged] },
        ...['', 'Email', 'e#mail', ':', 'é', 'x'.repeat(65)].map((scope) => ({
          claims: [holding(stream, 'a', scope)],
        })),
        ...['', 'x'.repeat(1025), 'é'.repeat(513), 'lone \ud800'].map((value) => ({
          claims: [holding(stream, value)],
        })),
        { releases: [holding(stream, '')] },
        { claims: [holding({ ...stream, tenant: 'a#b' }, 'a')] },
        { claims: [holding({ ...stream, id: '' }, 'a')] },
        { claims: [holding({ ...stream, tenant: 'x'.repeat(1024) }, 'y'.repeat(1024))] },
        { advances: [{ sequence, after: 1, through: 1 }] },
        { advances: [{ sequence, after: -1, through: 1 }] },
        { advances: [{ sequence, after: 0, through: 1.5 }] },
        { advances: [{ sequence: { ...sequence, name: 'a#b' }, after: 0, through: 1 }] },
        { advances: [{ sequence: { ...sequence, tenant: '' }, after: 0, through: 1 }] },
        { commits: [begin(store, stream), begin(store, { ...stream, id: 'a#b' })] },
      ]
      for (const parts of wrong) {
        const transaction = { commits: [begin(store, stream)], ...parts } as const
        await expect(store.appendAll(transaction), JSON.stringify(parts)).rejects.toThrow(TypeError)
      }
      expect(await commitsOf(store, stream)).toEqual([])
    })

    test('commits that are too large for an item are written and conflict like others', async () => {
      const store = await connect()
      const [one, other] = [freshStream(), freshStream()]
      const both = { commits: [begin(store, one, noise(2 * LARGE)), begin(store, other, noise(2 * LARGE, 1))] } as const
      const written = must(await store.appendAll(both))
      expect(await commitsOf(await connect(), one)).toEqual([written[0].commit])
      expect(await store.appendAll(both)).toEqual(E.left({ _tag: 'Conflict', winner: written[0] }))
    })

    test('of many who claim the same value at once, one holds it', async () => {
      const tenant = freshTenant()
      const stores = await Promise.all(Array.from({ length: 16 }, connect))
      const settled = await Promise.all(
        stores.map((store) => {
          const holder = freshStream(tenant)
          return store.appendAll({ commits: [begin(store, holder)], claims: [holding(holder, 'a@example.com')] })
        }),
      )
      const winners = settled.filter(E.isRight)
      expect(winners).toHaveLength(1)
      const holder = winners[0]?.right[0].commit.stream
      for (const lost of settled.filter(E.isLeft)) expect(lost.left).toMatchObject({ _tag: 'Reserved', holder })
    })
  })
}
