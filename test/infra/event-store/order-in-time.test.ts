import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { memoryTimeIndex } from '../../../infra/event-store/memory-time-index.ts'
import { type Commit, EventStoreFault } from '../../../infra/event-store/port.ts'
import { emptyStream } from '../../../infra/event-store/position.ts'
import { safetyLag, type TimeBounds } from '../../../infra/event-store/time-bounds.ts'
import { draftOf } from '../../contracts/event-store.ts'
import { type Fate, type SimulatedTable, simulatedTable } from './simulated-table.ts'
import { type SimulatedTime, simulatedTime } from './simulated-time.ts'
import { stampAt } from './stamp.ts'

/** Just before midnight, so that histories lie on two days. */
const START = Date.UTC(2026, 2, 1, 23, 59, 59, 900)
const FAR = new Date(START + 86_400_000)

/** What one process does: on which streams it writes or when it reads, and how far its clock is off at each look, from -1 to 1. */
type Writer = {
  readonly streams: ReadonlyArray<number>
  readonly skews: ReadonlyArray<number>
  readonly fates: ReadonlyArray<Fate>
}
type Reader = {
  /** Pauses before each run, and how many commits it takes at most. */
  readonly runs: ReadonlyArray<{ readonly pause: number; readonly atMost: number; readonly between: number }>
  readonly skews: ReadonlyArray<number>
}

const share = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true }))
const skews = fc.array(fc.constantFrom(-1, -0.5, 0, 0.5, 1), { minLength: 1, maxLength: 8 })
const fate: fc.Arbitrary<Fate> = fc.record({
  pause: fc.oneof({ weight: 3, arbitrary: fc.nat(20) }, fc.nat(120)),
  flight: fc.option(share, { freq: 2 }),
  answer: fc.constantFrom('arrives', 'connection breaks', 'silence'),
  indexing: share,
})
const writer: fc.Arbitrary<Writer> = fc.record({
  streams: fc.array(fc.nat(2), { minLength: 1, maxLength: 6 }),
  skews,
  fates: fc.array(fate, { maxLength: 20 }),
})
const reader: fc.Arbitrary<Reader> = fc.record({
  runs: fc.array(fc.record({ pause: fc.nat(30), atMost: fc.nat(5), between: fc.nat(3) }), {
    maxLength: 60,
    size: 'max',
  }),
  skews,
})
const bounds: fc.Arbitrary<TimeBounds> = fc.record({
  clockSkew: fc.nat(40),
  stampLife: fc.integer({ min: 1, max: 60 }),
  straggling: fc.nat(80),
  indexing: fc.nat(40),
})

const clockOf = (time: SimulatedTime, off: ReadonlyArray<number>, most: number): (() => Date) => {
  let looks = 0
  return () => {
    looks += 1
    return new Date(time.now() + Math.trunc((off[looks % off.length] ?? 0) * most))
  }
}

const streamOf = (id: number) => ({ tenant: 'acme', type: 'order', id: `${id}` })

/** Writes one commit after the other and gives up on one after some faults; what was acknowledged. */
const runWriter = async (
  time: SimulatedTime,
  table: SimulatedTable,
  name: number,
  { streams, skews: off, fates }: Writer,
  { clockSkew }: TimeBounds,
): Promise<ReadonlyArray<Commit>> => {
  const append = table.appendBy(stampAt(clockOf(time, off, clockSkew)), fates[Symbol.iterator]())
  const acknowledged: Commit[] = []
  for (const [done, id] of streams.entries()) {
    const commandId = `w${name}-${done}`
    let position = emptyStream(streamOf(id))
    for (let faults = 0; faults < 4; ) {
      const appended = await append(position, draftOf(commandId, done)).catch((error: unknown) => {
        if (error instanceof EventStoreFault) return undefined
        throw error
      })
      if (appended === undefined) faults += 1
      else if (E.isRight(appended)) {
        acknowledged.push(appended.right.commit)
        break
      } else if (appended.left._tag === 'Conflict') {
        position = appended.left.winner.position
        if (appended.left.winner.commit.commandId !== commandId) continue
        if (faults === 0) throw new Error('a write took its own commit for somebody else’s')
        // After a fault the same command meets what its first try had written.
        break
      }
    }
  }
  return acknowledged
}

type Going = 'behind the last commit' | 'from where it was complete'

/** Reads in runs, each going on where the one before stopped, and once more when all is over. */
const runReader = async (
  time: SimulatedTime,
  table: SimulatedTable,
  { runs, skews: off }: Reader,
  within: TimeBounds,
  going: Going,
): Promise<ReadonlyArray<Commit>> => {
  const index = memoryTimeIndex({ commits: table.indexed, clock: clockOf(time, off, within.clockSkew), bounds: within })
  const read: Commit[] = []
  let from = new Date(START - 1_000)
  const last = { pause: 100_000, atMost: Number.POSITIVE_INFINITY, between: 0 }
  for (const { pause, atMost, between } of [...runs, last]) {
    await time.sleep(pause)
    const after = going === 'behind the last commit' ? read.at(-1)?.commitId : undefined
    const reading = index.commits({ tenant: 'acme', from, to: FAR, ...(after === undefined ? {} : { after }) })
    let taken = 0
    if (going === 'behind the last commit' && atMost === 0) continue
    for await (const commit of reading) {
      read.push(commit)
      taken += 1
      if (going === 'behind the last commit' && taken === atMost) break
      await time.sleep(between)
    }
    if (going === 'from where it was complete') from = reading.completeTo
  }
  return read
}

const inOrder = (commits: ReadonlyArray<Commit>): ReadonlyArray<Commit> =>
  commits.toSorted((one, other) => (one.commitId < other.commitId ? -1 : 1))

const byVersion = (commits: ReadonlyArray<Commit>): ReadonlyArray<Commit> =>
  commits.toSorted((one, other) => one.version - other.version)

test.each<Going>(['behind the last commit', 'from where it was complete'])(
  'readers that go on %s see every commit once and in order, whatever clocks within the skew, lost answers and late landings do',
  async (going) => {
    const scene = fc.tuple(bounds, fc.array(writer, { minLength: 1, maxLength: 4 }), reader)
    await fc.assert(
      fc.asyncProperty(scene, async ([within, writers, follower]) => {
        const time = simulatedTime(START)
        const table = simulatedTable(time, within)
        const writing = Promise.all(writers.map((each, name) => runWriter(time, table, name, each, within)))
        const reading = runReader(time, table, follower, within, going)
        await time.run()
        const acknowledged = (await writing).flat()
        const all = table.commits()
        expect(await reading).toEqual(inOrder(all))
        expect(all).toEqual(expect.arrayContaining([...acknowledged]))
        for (const id of [0, 1, 2]) {
          const own = all.filter(({ stream }) => stream.id === `${id}`)
          expect(byVersion(own)).toEqual(inOrder(own))
        }
        expect(new Set(all.map(({ commandId }) => commandId)).size).toBe(all.length)
      }),
      { numRuns: 500 },
    )
  },
)

test('the lag has nothing to spare: three milliseconds less, and a reader goes past a commit that is on its way', async () => {
  const within = { clockSkew: 10, stampLife: 20, straggling: 30, indexing: 40 }
  const time = simulatedTime(START)
  const table = simulatedTable(time, within)
  const slowest: Fate = { pause: within.stampLife, flight: 1, answer: 'arrives', indexing: 1 }
  const lost: Fate = { pause: 0, flight: null, answer: 'silence', indexing: 0 }
  const stampOff = (off: number) => stampAt(() => new Date(time.now() + off))
  const late = table.appendBy(stampOff(-within.clockSkew), [slowest, lost, lost][Symbol.iterator]())
  const soon = table.appendBy(stampOff(1 - within.clockSkew), [][Symbol.iterator]())
  const unanswered = expect(late(emptyStream(streamOf(1)), draftOf('late', 1))).rejects.toThrow(EventStoreFault)
  const answered = soon(emptyStream(streamOf(2)), draftOf('soon', 1))
  const readWith = async (bounds_: TimeBounds) => {
    const clock = () => new Date(time.now() + within.clockSkew)
    const index = memoryTimeIndex({ commits: table.indexed, clock, bounds: bounds_ })
    const read = await Array.fromAsync(index.commits({ tenant: 'acme', from: new Date(START - 1_000), to: FAR }))
    return read.map(({ commandId }) => commandId)
  }
  const readings = (async () => {
    await time.sleep(within.stampLife + within.straggling + within.indexing - 1)
    const before = [await readWith(within), await readWith({ ...within, indexing: within.indexing - 3 })]
    await time.sleep(safetyLag(within))
    return [...before, await readWith(within)]
  })()
  await time.run()
  await unanswered
  expect(E.isRight(await answered)).toBe(true)
  expect(await readings).toEqual([[], ['soon'], ['late', 'soon']])
})
