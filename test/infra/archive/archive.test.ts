import fc from 'fast-check'
import { expect, test } from 'vitest'
import { archiveIn } from '../../../infra/archive/archive.ts'
import { CorruptArchive } from '../../../infra/archive/fault.ts'
import { HOURS_KEY } from '../../../infra/archive/keys.ts'
import type { Commit } from '../../../infra/event-store/port.ts'
import { fileObjects } from '../../../infra/objects/files.ts'
import { memoryObjects } from '../../../infra/objects/memory.ts'
import type { ConditionalObjects } from '../../../infra/objects/port.ts'
import { noise } from '../../contracts/noise.ts'
import { temporaryDir } from '../local/temporary-dir.ts'
import { commitsOf, MINUTE, storeOf } from './commits-in-time.ts'
import { type Fate, failingObjects } from './failing-objects.ts'
import { listedLines, manifestsOf, readAll } from './reading.ts'

/** Adds a batch again until it is taken, as a feed does. */
const addToEnd = async (objects: ConditionalObjects, batch: ReadonlyArray<Commit>): Promise<void> => {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    try {
      await archiveIn(objects).add(batch)
      return
    } catch {
      // It comes again.
    }
  }
  throw new Error('the batch was never taken')
}

const expectEachOnce = async (objects: ConditionalObjects, commits: ReadonlyArray<Commit>): Promise<void> => {
  expect(await readAll(objects)).toEqual(commits)
  expect(await listedLines(objects)).toBe(commits.length)
}

/** Before anything was archived there is nothing to read; any other fault is one. */
const noHoursYet = (error: unknown): ReadonlyArray<Commit> => {
  if (error instanceof CorruptArchive && error.object === HOURS_KEY) return []
  throw error
}

test('an hour has its parts and its manifest under its own name', async () => {
  const objects = memoryObjects()
  const commits = await commitsOf(5)
  await archiveIn(objects).add(commits)
  const [first, second] = await manifestsOf(objects)
  expect(first?.parts.map(({ first, last, commits }) => ({ first, last, commits }))).toEqual([
    { first: commits[0]?.commitId, last: commits[1]?.commitId, commits: 2 },
  ])
  expect(second?.hour).toBe('2026-01-01T01')
  expect([...objects.keys()].toSorted()).toEqual([
    `archive/2026/01/01/00/${commits[0]?.commitId}-${first?.parts[0]?.sha256}.jsonl.gz`,
    'archive/2026/01/01/00/manifest.json',
    `archive/2026/01/01/01/${commits[2]?.commitId}-${second?.parts[0]?.sha256}.jsonl.gz`,
    'archive/2026/01/01/01/manifest.json',
    'archive/hours.json',
    'archive/tenants.json',
  ])
})

const steps = fc.array(
  fc.record({ stream: fc.constantFrom('a1', 'a2', 'b1'), afterMs: fc.constantFrom(0, 1, 7 * MINUTE, 50 * MINUTE) }),
  { minLength: 1, maxLength: 12 },
)
/** Which commits come together, by numbers that are taken modulo their count; and to which of the writers. */
const deliveries = fc.array(
  fc.record({ writer: fc.constantFrom(0, 1), picks: fc.array(fc.nat(11), { minLength: 1, maxLength: 6 }) }),
  { maxLength: 6 },
)
const fates = fc.array(fc.constantFrom<Fate>('done', 'done', 'done', 'done', 'lost', 'unanswered'), { maxLength: 60 })

test('whatever is doubled, reordered, raced for or lost on the way, the archive holds each commit once', async () => {
  await fc.assert(
    fc.asyncProperty(steps, deliveries, fates, fc.scheduler(), async (steps, deliveries, fates, scheduler) => {
      const { commits } = await storeOf(steps)
      const kept = memoryObjects()
      let operations = 0
      const objects = failingObjects(kept, async () => {
        const fate = fates[operations] ?? 'done'
        operations += 1
        await scheduler.schedule(Promise.resolve())
        return fate
      })
      const picked = deliveries.map(({ writer, picks }) => ({
        writer,
        batch: picks.flatMap((pick) => commits[pick % commits.length] ?? []),
      }))
      const write = async (writer: number): Promise<void> => {
        for (const { batch } of picked.filter((each) => each.writer === writer)) await addToEnd(objects, batch)
        await addToEnd(objects, commits.filter((_, index) => index % 2 === writer || index % 3 === 0).toReversed())
      }
      await scheduler.waitFor(Promise.all([write(0), write(1)]))
      await expectEachOnce(kept, commits)
    }),
    { numRuns: 150 },
  )
})

test.each<Fate>(['lost', 'unanswered'])('a writer may die at every operation (%s)', async (fate) => {
  const commits = await commitsOf(8)
  const batches = [commits.slice(0, 3), commits.slice(2, 6), commits.slice(4), commits.slice(1, 5)]
  for (let dying = 0, died = true; died; dying += 1) {
    const kept = memoryObjects()
    let operations = 0
    died = false
    const objects = failingObjects(kept, () => {
      operations += 1
      if (operations !== dying + 1) return 'done'
      died = true
      return fate
    })
    for (const batch of batches) {
      await archiveIn(objects)
        .add(batch)
        .catch(async () => {
          const seen = await readAll(kept).catch(noHoursYet)
          expect(new Set(seen.map(({ commitId }) => commitId)).size).toBe(seen.length)
          await archiveIn(kept).add(batch)
        })
    }
    await expectEachOnce(kept, commits)
  }
})

test('what was taken is there for whoever reads next', async () => {
  const objects = memoryObjects()
  const commits = await commitsOf(9)
  for (const [index, commit] of commits.entries()) {
    await archiveIn(objects).add([commit])
    expect(await readAll(objects)).toEqual(commits.slice(0, index + 1))
  }
})

test('many writers on the same files lose and double nothing', async () => {
  const root = temporaryDir()
  const commits = await commitsOf(24)
  const shares = Array.from({ length: 4 }, (_, writer) => commits.filter((_, index) => (index + writer) % 3 !== 0))
  await Promise.all(shares.map((share) => addToEnd(fileObjects(root), share)))
  await expectEachOnce(fileObjects(root), commits)
})

test('parts are of bounded size, and a commit that exceeds it has one of its own', async () => {
  const steps = [3, 3, 6, 1, 1].map((megabytes) => ({
    stream: 'a1',
    afterMs: 1,
    data: { text: noise(megabytes * 1024 * 1024, megabytes) },
  }))
  const { commits } = await storeOf(steps)
  const objects = memoryObjects()
  await archiveIn(objects).add(commits)
  const [manifest] = await manifestsOf(objects)
  expect(manifest?.parts.map((part) => part.commits)).toEqual([1, 1, 1, 2])
  await expectEachOnce(objects, commits)
})

test('nothing to add writes nothing', async () => {
  const objects = memoryObjects()
  await archiveIn(objects).add([])
  expect(objects.keys()).toEqual([])
})

test('two commits with one id are refused, together and one after the other', async () => {
  const [one] = await commitsOf(1)
  const [other] = (await storeOf([{ stream: 'b9', afterMs: 10 * MINUTE }])).commits
  expect(other?.commitId).toBe(one?.commitId)
  const both = [one, other].flatMap((commit) => commit ?? [])
  const objects = memoryObjects()
  const refusal = `two commits with the id ${one?.commitId}`
  await expect(archiveIn(objects).add(both)).rejects.toThrow(refusal)
  await archiveIn(objects).add(both.slice(0, 1))
  await expect(archiveIn(objects).add(both.slice(1))).rejects.toThrow(refusal)
  await expectEachOnce(objects, both.slice(0, 1))
})
