import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { appliedIn, commandLog } from '../../commands/command-log.ts'
import type { Commit, EventStore } from '../../infra/event-store/port.ts'
import { PAGE_SIZE } from '../../infra/snapshots/port.ts'

const stream = { tenant: 'acme', type: 'counter', id: 'long' }

/** Commits of one to three events, whose command ids tell their place. */
const commitsOf = (count: number): ReadonlyArray<Commit> => {
  let version = 1
  return Array.from({ length: count }, (_, nth) => {
    const events = Array.from({ length: 1 + (nth % 3) }, () => ({ type: 'Counted', schemaVersion: 1, data: null }))
    const commit: Commit = {
      stream,
      version,
      commitId: `commit ${nth}`,
      commandId: `command ${nth}`,
      fingerprint: 'f',
      actor: { subject: 'tester', roles: [] },
      correlationId: 'c',
      causationId: null,
      time: '2011-06-30T20:08:00.000Z',
      events,
      previousHash: '',
      hash: '',
    }
    version += events.length
    return commit
  })
}

const commits = commitsOf(3 * PAGE_SIZE)
const lastOf = (commit: Commit | undefined): number => (commit ? commit.version + commit.events.length - 1 : 0)

const readingFrom = (reads: Array<{ after?: number; through?: number }>): Pick<EventStore, 'read'> => ({
  read: async function* (_, range = {}) {
    reads.push(range)
    const { after = 0, through = Number.POSITIVE_INFINITY } = range
    for (const commit of commits) {
      // Only the log's own use is served: positions are not asked for.
      if (commit.version > after && commit.version <= through) yield { commit, position: Object(null) }
    }
  },
})

const logOf = (some: ReadonlyArray<Commit>, known?: Parameters<typeof commandLog>[0]) => {
  const log = commandLog(known)
  for (const commit of some) log.add(commit)
  return log
}

test('every command of a long stream is found, however long ago, and a new one is known to be new', async () => {
  const log = logOf(commits)
  const reads: Array<object> = []
  const store = readingFrom(reads)
  for (const nth of [0, 1, PAGE_SIZE - 1, PAGE_SIZE, 2 * PAGE_SIZE + 7, commits.length - 1]) {
    expect(await appliedIn(store, stream, log, `command ${nth}`)).toEqual({
      commandId: `command ${nth}`,
      fingerprint: 'f',
      commitId: `commit ${nth}`,
      version: lastOf(commits[nth]),
    })
  }
  // The newest were answered from memory, the others by reading one page of commits each.
  expect(reads).toHaveLength(5)
  expect(log.find('never sent')).toEqual({ _tag: 'Never' })
  expect(log.through()).toBe(lastOf(commits.at(-1)))
})

test('two ids that are shortened alike are told apart by the commits', async () => {
  const known = logOf(commits.slice(0, 1)).pages()
  const collided = commandLog([{ after: 0, through: lastOf(commits[0]), ids: known[0]?.ids ?? [] }])
  expect(collided.find('command 0')._tag).toBe('Perhaps')
  const empty: Pick<EventStore, 'read'> = { read: async function* () {} }
  expect(await appliedIn(empty, stream, collided, 'command 0')).toBeUndefined()
})

test('pages are the same whoever makes them, from the beginning or from pages of before', () => {
  fc.assert(
    fc.property(fc.nat(commits.length), fc.nat(commits.length), (one, other) => {
      const [middle, end] = [Math.min(one, other), Math.max(one, other)]
      const whole = logOf(commits.slice(0, end)).pages()
      const resumed = logOf(commits.slice(middle, end), logOf(commits.slice(0, middle)).pages()).pages()
      expect(resumed).toEqual(whole)
      expect(whole.slice(0, -1).every(({ ids }) => ids.length === PAGE_SIZE)).toBe(true)
      expect(whole.at(-1)?.through ?? 0).toBe(lastOf(commits[end - 1]))
    }),
    { numRuns: 20 },
  )
})

test('a commit that is known is not counted again', () => {
  const log = logOf(commits.slice(0, 5))
  for (const commit of commits.slice(2, 7)) log.add(commit)
  expect(log.pages()).toEqual(logOf(commits.slice(0, 7)).pages())
})
