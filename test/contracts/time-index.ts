import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import type { Commit, EventStore } from '../../infra/event-store/port.ts'
import { safetyLag, type TimeBounds } from '../../infra/event-store/time-bounds.ts'
import type { TimeIndex, TimeRange } from '../../infra/event-store/time-index.ts'
import { draftOf } from './event-store.ts'

/** What a contract is run with: clocks are the test's own, so nothing is held against an engine's clock. */
export const CONTRACT_BOUNDS: TimeBounds = { clockSkew: 0, stampLife: 60_000, straggling: 0, indexing: 0 }

export type TimeIndexUnderTest = {
  readonly storeAt: (clock: () => Date) => EventStore
  readonly indexAt: (clock: () => Date) => TimeIndex
}

const DAY = 86_400_000
const NOON = Date.UTC(2026, 2, 1, 12)
const LONG_AFTER = NOON + 1_000 * DAY

let tenants = 0
const freshTenant = (): string => {
  tenants += 1
  return `tenant-${tenants}-${process.pid}-${Date.now()}`
}

/** One commit at each time, each in a stream of its own unless `ids` repeats. */
const write = async (
  { storeAt }: TimeIndexUnderTest,
  tenant: string,
  times: ReadonlyArray<number>,
  idOf = (index: number): string => `s${index}`,
): Promise<ReadonlyArray<Commit>> => {
  let now = 0
  const store = storeAt(() => new Date(now))
  const positions = new Map<string, ReturnType<EventStore['emptyStream']>>()
  const commits: Commit[] = []
  for (const [index, time] of times.entries()) {
    now = time
    const id = idOf(index)
    const position = positions.get(id) ?? store.emptyStream({ tenant, type: 'order', id })
    const appended = await store.append(position, draftOf(`c${index}`, { index }))
    if (E.isLeft(appended)) throw new Error(appended.left._tag)
    positions.set(id, appended.right.position)
    commits.push(appended.right.commit)
  }
  return commits
}

const inOrder = (commits: ReadonlyArray<Commit>): ReadonlyArray<Commit> =>
  commits.toSorted((one, other) => (one.commitId < other.commitId ? -1 : 1))

const rangeOf = (tenant: string, from = NOON - 3 * DAY, to = NOON + 5 * DAY): TimeRange => ({
  tenant,
  from: new Date(from),
  to: new Date(to),
})

/** What every time index keeps, whatever engine is behind it. All handles see the same data. */
export const timeIndexContract = (name: string, under: () => TimeIndexUnderTest): void => {
  const late = (): TimeIndex => under().indexAt(() => new Date(LONG_AFTER))

  describe(`the time index on ${name}`, () => {
    test('a tenant that never wrote has no commits', async () => {
      expect(await Array.fromAsync(late().commits(rangeOf(freshTenant())))).toEqual([])
    })

    test('commits of many streams, over days with and without commits, come in ascending order of id', async () => {
      const tenant = freshTenant()
      const times = [0, 5, 3, DAY, DAY + 1, 4 * DAY, -DAY / 2, DAY / 2, DAY / 2 - 1].map((after) => NOON + after)
      const commits = await write(under(), tenant, times)
      const read = await Array.fromAsync(late().commits(rangeOf(tenant)))
      expect(read).toEqual(inOrder(commits))
      expect(read.map(({ time }) => time)).toEqual(
        times.toSorted((one, other) => one - other).map((time) => new Date(time).toISOString()),
      )
    })

    test('a range holds its beginning and not its end, to the millisecond', async () => {
      const tenant = freshTenant()
      const times = [-2, -1, 0, 1, 2].map((after) => NOON + after)
      const commits = await write(under(), tenant, times)
      const midnight = await write(
        under(),
        tenant,
        [-1, 0].map((after) => NOON + DAY / 2 + after),
        (index) => `m${index}`,
      )
      const read = (from: number, to: number) => Array.fromAsync(late().commits(rangeOf(tenant, from, to)))
      expect(await read(NOON - 1, NOON + 1)).toEqual(commits.slice(1, 3))
      expect(await read(NOON, NOON)).toEqual([])
      expect(await read(NOON + 2, NOON + DAY / 2)).toEqual([commits[4], midnight[0]])
      expect(await read(NOON + DAY / 2, NOON + 2 * DAY)).toEqual([midnight[1]])
    })

    test('tenants do not see each other, whatever their names begin with', async () => {
      const tenant = freshTenant()
      const own = await write(under(), tenant, [NOON, NOON + 1])
      const others = await write(under(), `${tenant}-2`, [NOON, NOON + 1])
      expect(await Array.fromAsync(late().commits(rangeOf(tenant)))).toEqual(inOrder(own))
      expect(await Array.fromAsync(late().commits(rangeOf(`${tenant}-2`)))).toEqual(inOrder(others))
    })

    test('a reading goes on behind any commit, also among commits of one millisecond', async () => {
      const tenant = freshTenant()
      const times = Array.from({ length: 12 }, (_, index) => NOON + Math.floor(index / 4) * (DAY / 2))
      const all = inOrder(await write(under(), tenant, times))
      for (const [index, { commitId }] of all.entries()) {
        const rest = await Array.fromAsync(
          late().commits({ ...rangeOf(tenant, NOON - 1, NOON + DAY + 1), after: commitId }),
        )
        expect(rest.map((commit) => commit.commitId)).toEqual(all.slice(index + 1).map((commit) => commit.commitId))
      }
    })

    test('of several hundred commits of a day each is there once, as its stream has it', async () => {
      const tenant = freshTenant()
      const store = under().storeAt(() => new Date(NOON))
      const appended = await Promise.all(
        Array.from({ length: 350 }, (_, index) =>
          store.append(store.emptyStream({ tenant, type: 'order', id: `s${index}` }), draftOf('c1', { index })),
        ),
      )
      const commits = appended.flatMap((one) => (E.isRight(one) ? [one.right.commit] : []))
      const read = await Array.fromAsync(late().commits(rangeOf(tenant)))
      expect(read).toEqual(inOrder(commits))
      expect(read).toHaveLength(350)
    })

    test('nothing is read beyond the horizon, and the reading says how far it is complete', async () => {
      const tenant = freshTenant()
      const commits = await write(under(), tenant, [NOON, NOON + 1, NOON + 2])
      const at = (now: number) => under().indexAt(() => new Date(now + safetyLag(CONTRACT_BOUNDS)))
      const early = at(NOON + 1).commits(rangeOf(tenant))
      expect(early.completeTo).toEqual(new Date(NOON + 1))
      expect(await Array.fromAsync(early)).toEqual(commits.slice(0, 1))
      const tooEarly = at(NOON - 20 * DAY).commits(rangeOf(tenant))
      expect(tooEarly.completeTo).toEqual(rangeOf(tenant).from)
      expect(await Array.fromAsync(tooEarly)).toEqual([])
      const whole = at(NOON + 20 * DAY).commits(rangeOf(tenant))
      expect(whole.completeTo).toEqual(rangeOf(tenant).to)
      expect(await Array.fromAsync(whole)).toEqual(commits)
    })

    test('readings laid end to end find each commit once', async () => {
      const tenant = freshTenant()
      const offset = fc.integer({ min: -2 * DAY, max: 2 * DAY })
      const times = fc.sample(offset, { numRuns: 40, seed: 7 }).map((after) => NOON + after)
      const all = inOrder(await write(under(), tenant, times))
      const cuts = [...times.slice(0, 8), ...times.slice(8, 12).map((time) => time + 1)].toSorted(
        (one, other) => one - other,
      )
      const read: Commit[] = []
      let { from } = rangeOf(tenant)
      for (const now of [...cuts, NOON + 20 * DAY]) {
        const reading = under()
          .indexAt(() => new Date(now + safetyLag(CONTRACT_BOUNDS)))
          .commits({ ...rangeOf(tenant), from })
        read.push(...(await Array.fromAsync(reading)))
        from = reading.completeTo
      }
      expect(read).toEqual(all)
    })

    test('a reading can be iterated again, and left in the middle', async () => {
      const tenant = freshTenant()
      const all = inOrder(await write(under(), tenant, [NOON, NOON + 1, NOON + DAY]))
      const reading = late().commits(rangeOf(tenant))
      for await (const commit of reading) {
        expect(commit).toEqual(all[0])
        break
      }
      expect(await Array.fromAsync(reading)).toEqual(all)
      expect(await Array.fromAsync(reading)).toEqual(all)
    })

    test('a stream whose writers have clocks at odds still ascends, and is read in the order of its versions', async () => {
      const tenant = freshTenant()
      const times = [0, -3_000, 4_000, -4_000, -4_000, 4_000, 4_001].map((after) => NOON + after)
      const commits = await write(under(), tenant, times, () => 'one')
      expect(commits.map(({ time }) => Date.parse(time) - NOON)).toEqual([0, 0, 4_000, 4_000, 4_000, 4_000, 4_001])
      expect(await Array.fromAsync(late().commits(rangeOf(tenant)))).toEqual(commits)
    })

    test('a range that ends before it begins, or goes on behind no id, is refused', () => {
      const tenant = freshTenant()
      expect(() => late().commits(rangeOf(tenant, NOON, NOON - 1))).toThrow(RangeError)
      expect(() => late().commits(rangeOf(tenant, Number.NaN))).toThrow(RangeError)
      for (const after of ['', 'x', '01arz3ndektsv4rrffq69g5fav', '8ZZZZZZZZZZZZZZZZZZZZZZZZZ']) {
        expect(() => late().commits({ ...rangeOf(tenant), after })).toThrow(RangeError)
      }
    })
  })
}
