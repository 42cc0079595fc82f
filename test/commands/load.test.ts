import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { load } from '../../commands/load.ts'
import type { Loaded } from '../../commands/loaded.ts'
import { snapshotWhenDue } from '../../commands/snapshotting.ts'
import { memoryEventStore } from '../../infra/event-store/memory.ts'
import type { EventStore, Position } from '../../infra/event-store/port.ts'
import { memorySnapshots } from '../../infra/snapshots/memory.ts'
import { PAGE_SIZE, type Snapshots } from '../../infra/snapshots/port.ts'
import { draftOf } from '../contracts/event-store.ts'
import { testStamp } from '../infra/event-store/stamp.ts'
import { counter } from './counter.ts'

const stream = { tenant: 'acme', type: 'counter', id: 'long' }

const draftCounting = (nth: number, by: number) => ({
  ...draftOf(`c${nth}`),
  events: [{ type: 'Counted', schemaVersion: 1, data: { by, seen: 0 } }],
})

/** Appends commits `from` to `to`, exclusive. */
const grow = async (store: EventStore, from: number, to: number, start?: Position): Promise<Position> => {
  let position = start ?? store.emptyStream(stream)
  for (let nth = from; nth < to; nth += 1) {
    const appended = await store.append(position, draftCounting(nth, nth))
    if (E.isLeft(appended)) throw new Error(appended.left._tag)
    position = appended.right.position
  }
  return position
}

/** Counts what a store is asked. */
const watched = (store: EventStore) => {
  const asked = { tail: 0, read: 0 }
  const watching: EventStore = {
    ...store,
    tail: (name, commits) => {
      asked.tail += 1
      return store.tail(name, commits)
    },
    read: (name, range) => {
      asked.read += 1
      return store.read(name, range)
    },
  }
  return { store: watching, asked }
}

const save = async (snapshots: Snapshots, loaded: Loaded<number>): Promise<void> => {
  const saving: Promise<void>[] = []
  snapshotWhenDue(
    { snapshots, everyEvents: 1, slowLoadMs: 1_000, now: () => 0, background: (one) => saving.push(one) },
    counter,
    loaded,
    0,
    () => {},
  )
  await Promise.all(saving)
}

const facts = ({ state, position, commands }: Loaded<number>) => ({ state, position, pages: commands.pages() })

describe('a stream', () => {
  test('that is short takes one request, whether it has a snapshot or not', async () => {
    const { store, asked } = watched(memoryEventStore(testStamp))
    const snapshots = memorySnapshots()
    expect(await load(store, snapshots, counter, stream)).toMatchObject({ state: 0, complete: true })
    await grow(store, 0, 200)
    await save(snapshots, await load(store, snapshots, counter, stream))
    const again = await load(store, { load: () => Promise.reject(new Error('not needed')) }, counter, stream)
    expect(again).toMatchObject({ state: (199 * 200) / 2, position: { version: 200 }, complete: true })
    expect(asked).toEqual({ tail: 3, read: 0 })
  })

  test('that is long is folded from its snapshot on, with all that it knows of commands', async () => {
    const { store, asked } = watched(memoryEventStore(testStamp))
    const snapshots = memorySnapshots()
    const end = await grow(store, 0, 2 * PAGE_SIZE + 100)
    const whole = await load(store, undefined, counter, stream)
    await save(snapshots, whole)
    expect(facts(await load(store, snapshots, counter, stream))).toEqual(facts(whole))
    await grow(store, 2 * PAGE_SIZE + 100, 2 * PAGE_SIZE + 150, end)
    asked.read = 0
    const later = await load(store, snapshots, counter, stream)
    expect(asked.read).toBe(0)
    expect(later.commands.find('c0')._tag).toBe('Perhaps')
    expect(later.commands.find('new')._tag).toBe('Never')
    expect(facts(later)).toEqual(facts(await load(store, undefined, counter, stream)))
  })

  test('whose snapshot is older than the newest commits is read from there', async () => {
    const { store, asked } = watched(memoryEventStore(testStamp))
    const snapshots = memorySnapshots()
    const end = await grow(store, 0, 300)
    await save(snapshots, await load(store, undefined, counter, stream))
    await grow(store, 300, 900, end)
    asked.read = 0
    const later = await load(store, snapshots, counter, stream)
    expect(asked.read).toBe(1)
    expect(facts(later)).toEqual(facts(await load(store, undefined, counter, stream)))
  })

  test.each([
    ['of another history', { hash: 'f'.repeat(64) }],
    ['from beyond the end of the stream', { version: 5_000 }],
    ['at another version', { version: 299 }],
    ['with a state that does not decode', { state: 'seven' }],
  ])('is folded from its first event when the snapshot is %s', async (_, wrong) => {
    const store = memoryEventStore(testStamp)
    await grow(store, 0, 300)
    const whole = await load(store, undefined, counter, stream)
    const snapshots: Pick<Snapshots, 'load'> = {
      load: async () => ({
        stream,
        schema: 1,
        version: 300,
        hash: whole.position.hash,
        state: 1,
        commands: whole.commands.pages(),
        ...wrong,
      }),
    }
    expect(facts(await load(store, snapshots, counter, stream))).toEqual(facts(whole))
  })

  test('is folded from its first event when snapshots are away', async () => {
    const store = memoryEventStore(testStamp)
    await grow(store, 0, 300)
    const away: Pick<Snapshots, 'load'> = { load: () => Promise.reject(new Error('away')) }
    expect(await load(store, away, counter, stream)).toMatchObject({ state: (299 * 300) / 2, snapshot: 0 })
  })
})

test('the fold from any snapshot equals the fold from the first event', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 700 }), fc.nat(700), fc.nat(300), async (first, second, third) => {
      const store = memoryEventStore(testStamp)
      const snapshots = memorySnapshots()
      let position = await grow(store, 0, first)
      await save(snapshots, await load(store, snapshots, counter, stream))
      position = await grow(store, first, first + second, position)
      if (third % 2 === 0) await save(snapshots, await load(store, snapshots, counter, stream))
      await grow(store, first + second, first + second + third, position)
      const folded = await load(store, snapshots, counter, stream)
      expect(facts(folded)).toEqual(facts(await load(store, undefined, counter, stream)))
    }),
    { numRuns: 25 },
  )
})
