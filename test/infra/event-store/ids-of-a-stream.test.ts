import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { type Stamp, seal } from '../../../infra/event-store/commit.ts'
import { itemOf } from '../../../infra/event-store/item.ts'
import { memoryEventStore } from '../../../infra/event-store/memory.ts'
import { ClockFault, type Commit, type Draft, type EventStore, type Position } from '../../../infra/event-store/port.ts'
import { ulidsInOrder, ulidTime } from '../../../infra/ulids.ts'
import { draftOf } from '../../contracts/event-store.ts'
import { stampAt } from './stamp.ts'

const stream = { tenant: 'acme', type: 'order', id: 'one' }
const NOON = Date.UTC(2026, 2, 1, 12)
const MINUTE = 60_000

const commitsOf = async (store: EventStore): Promise<ReadonlyArray<Commit>> =>
  (await Array.fromAsync(store.read(stream))).map(({ commit }) => commit)

/** Appends until `count` commits are in, from wherever it is told it stands. */
const writeSome = async (store: EventStore, s: fc.Scheduler, writer: number, count: number): Promise<void> => {
  let position = store.emptyStream(stream)
  for (let done = 0; done < count; ) {
    await s.schedule(Promise.resolve(`writer ${writer} appends`))
    const appended = await store.append(position, draftOf(`w${writer}-${done}`, done))
    if (E.isRight(appended)) {
      position = appended.right.position
      done += 1
    } else if (appended.left._tag === 'Conflict') position = appended.left.winner.position
  }
}

test('ids of a stream ascend whatever clocks its writers have and however they race', async () => {
  const clocks = fc.array(fc.integer({ min: -2 * MINUTE, max: 2 * MINUTE }), { minLength: 1 })
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), clocks, fc.integer({ min: 1, max: 4 }), async (s, skews, writers) => {
      let reads = 0
      const clock = (): Date => {
        reads += 1
        return new Date(NOON + (skews[reads % skews.length] ?? 0))
      }
      const store = memoryEventStore(stampAt(clock))
      await s.waitFor(Promise.all(Array.from({ length: writers }, (_, writer) => writeSome(store, s, writer, 4))))
      const commits = await commitsOf(store)
      expect(commits).toHaveLength(4 * writers)
      const ids = commits.map(({ commitId }) => commitId)
      expect(ids).toEqual([...new Set(ids)].toSorted())
      for (const { commitId, time } of commits) expect(Date.parse(time)).toBe(ulidTime(commitId))
    }),
  )
})

const mustAppend = async (store: EventStore, position: Position, draft: Draft): Promise<Position> => {
  const appended = await store.append(position, draft)
  if (E.isLeft(appended)) throw new Error(`not appended: ${appended.left._tag}`)
  return appended.right.position
}

test('the bucket of an item is the day of its id, also when its writer has the day before', async () => {
  const midnight = NOON + 12 * 60 * MINUTE
  const store = memoryEventStore(stampAt(() => new Date(midnight)))
  const position = await mustAppend(store, store.emptyStream(stream), draftOf('c1', 1))
  const behind = seal(
    position,
    draftOf('c2', 2),
    stampAt(() => new Date(midnight - 1)),
  )
  expect(behind.commit.time).toBe('2026-03-02T00:00:00.000Z')
  expect(itemOf(behind)['bucket']).toMatchObject({ S: expect.stringMatching(/^acme#2026-03-02#/) })
})

test('behind a commit from more than five minutes ahead nothing is written, and at five minutes it is', async () => {
  const store = memoryEventStore(stampAt(() => new Date(NOON)))
  const position = await mustAppend(store, store.emptyStream(stream), draftOf('c1', 1))
  const sealAt = (now: number) =>
    seal(
      position,
      draftOf('c2', 2),
      stampAt(() => new Date(now)),
    )
  expect(() => sealAt(NOON - 5 * MINUTE - 1)).toThrow(ClockFault)
  expect(() => sealAt(NOON - 5 * MINUTE - 1)).toThrow(
    'the last commit of acme/order/one lies 300001 ms ahead of this clock',
  )
  expect(sealAt(NOON - 5 * MINUTE).commit.time).toBe(new Date(NOON).toISOString())
})

test('one stream ahead does not draw the other streams of a process with it', async () => {
  const ahead = memoryEventStore(stampAt(() => new Date(NOON + MINUTE)))
  const position = await mustAppend(ahead, ahead.emptyStream(stream), draftOf('c1', 1))
  const stamp: Stamp = { clock: () => new Date(NOON), ulid: ulidsInOrder() }
  const behind = seal(position, draftOf('c2', 2), stamp)
  const elsewhere = seal(ahead.emptyStream({ ...stream, id: 'two' }), draftOf('c1', 1), stamp)
  expect([behind, elsewhere].map(({ commit }) => Date.parse(commit.time) - NOON)).toEqual([MINUTE, 0])
})
