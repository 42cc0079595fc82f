import fc from 'fast-check'
import { ulid } from 'ulid'
import { expect, test } from 'vitest'
import { sha256 } from '../../../infra/event-store/hash.ts'
import { timeBucketOf } from '../../../infra/event-store/keys.ts'
import type { Page } from '../../../infra/event-store/merge-pages.ts'
import type { Commit } from '../../../infra/event-store/port.ts'
import { type Entry, readingInTime, type TimeSource } from '../../../infra/event-store/read-in-time.ts'
import { CONTRACT_BOUNDS } from '../../contracts/time-index.ts'

const START = Date.UTC(2026, 2, 1, 23, 59, 58)

const commitAt = (time: number, id: number): Commit => ({
  stream: { tenant: 'acme', type: 'order', id: `${id}` },
  version: 1,
  commitId: ulid(time),
  commandId: 'c',
  fingerprint: 'f',
  actor: { subject: 'anna', roles: [] },
  correlationId: 'r',
  causationId: null,
  time: new Date(time).toISOString(),
  events: [],
  previousHash: '',
  hash: sha256(`${id}`),
})

const byId = (one: Entry, other: Entry): number => (one.commitId < other.commitId ? -1 : 1)

/** A source of those commits that answers when the scheduler says so, and a few entries at a time. */
const slowSource = (commits: ReadonlyArray<Commit>, s: fc.Scheduler, pageSize: number): TimeSource => {
  const answered = async <A>(answer: A): Promise<A> => {
    await s.schedule(Promise.resolve('an answer'))
    return answer
  }
  const pageOf = (entries: ReadonlyArray<Entry>): Page<Entry> => ({
    items: entries.slice(0, pageSize),
    next: entries.length > pageSize ? () => answered(pageOf(entries.slice(pageSize))) : undefined,
  })
  return {
    entries: (bucket, { low, high }) =>
      answered(
        pageOf(
          commits
            .filter(
              ({ time, hash, commitId }) =>
                timeBucketOf('acme', time, hash) === bucket && commitId >= low && commitId <= high,
            )
            .toSorted(byId),
        ),
      ),
    commitsOf: (entries) =>
      answered(commits.filter(({ commitId }) => entries.some((entry) => entry.commitId === commitId)).toSorted(byId)),
  }
}

test('in whatever order queries and batches are answered, commits come in order of their ids', async () => {
  const times = fc.array(fc.integer({ min: 0, max: 4_000 }), { minLength: 300, maxLength: 600 })
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), times, fc.integer({ min: 1, max: 30 }), async (s, offsets, pageSize) => {
      const commits = offsets.map((offset, id) => commitAt(START + offset, id))
      const index = readingInTime(slowSource(commits, s, pageSize), () => new Date(START + 86_400_000), CONTRACT_BOUNDS)
      const reading = index.commits({ tenant: 'acme', from: new Date(START), to: new Date(START + 5_000) })
      const read = await s.waitFor(Array.fromAsync(reading))
      expect(read.map(({ commitId }) => commitId)).toEqual(commits.map(({ commitId }) => commitId).toSorted())
    }),
    { numRuns: 25, endOnFailure: true },
  )
})

test('a fault in a batch comes in its place, after the commits before it', async () => {
  const commits = Array.from({ length: 250 }, (_, id) => commitAt(START + id, id))
  const source: TimeSource = {
    entries: async (bucket) => ({
      items: bucket === 'acme#2026-03-01#0' ? commits : [],
      next: undefined,
    }),
    commitsOf: async (entries) => {
      if (entries.some(({ stream }) => stream.id === '100')) throw new Error('broken')
      return commits.filter(({ commitId }) => entries.some((entry) => entry.commitId === commitId))
    },
  }
  const index = readingInTime(source, () => new Date(START + 86_400_000), CONTRACT_BOUNDS)
  const read: Commit[] = []
  const reading = async () => {
    for await (const commit of index.commits({ tenant: 'acme', from: new Date(START), to: new Date(START + 1_000) })) {
      read.push(commit)
    }
  }
  await expect(reading()).rejects.toThrow('broken')
  expect(read).toEqual(commits.slice(0, 100))
})

test('a clock that is set back further than the skew takes back what it called complete', async () => {
  let now = START
  const source: TimeSource = { entries: async () => ({ items: [], next: undefined }), commitsOf: async () => [] }
  const index = readingInTime(source, () => new Date(now), { ...CONTRACT_BOUNDS, clockSkew: 100 })
  const reading = index.commits({ tenant: 'acme', from: new Date(START - 120_000), to: new Date(START) })
  now -= 200
  expect(await Array.fromAsync(reading)).toEqual([])
  now -= 1
  await expect(Array.fromAsync(reading)).rejects.toThrow('set back')
})
