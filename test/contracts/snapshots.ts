import { describe, expect, test } from 'vitest'
import type { StreamName } from '../../infra/event-store/port.ts'
import { type CommandPage, PAGE_SIZE, type Snapshot, type Snapshots } from '../../infra/snapshots/port.ts'

let streams = 0
const freshStream = (): StreamName => {
  streams += 1
  return { tenant: 'acme', type: 'counter', id: `snapshot ${streams}-${process.pid}-${Date.now()}` }
}

const idsFrom = (first: number, count: number): ReadonlyArray<number> =>
  Array.from({ length: count }, (_, nth) => Math.imul(first + nth, 0x9e3779b1) | 0)

/** Of a stream of `commits` commits, one event each. */
const pagesOf = (commits: number): ReadonlyArray<CommandPage> =>
  Array.from({ length: Math.ceil(commits / PAGE_SIZE) }, (_, nth) => {
    const after = nth * PAGE_SIZE
    const through = Math.min(commits, after + PAGE_SIZE)
    return { after, through, ids: idsFrom(after, through - after) }
  })

export const snapshotOf = (stream: StreamName, version: number, more: Partial<Snapshot> = {}): Snapshot => ({
  stream,
  schema: 1,
  version,
  hash: 'a'.repeat(64),
  state: { count: version, names: ['ä€😀', ''] },
  commands: pagesOf(version),
  ...more,
})

/** What every keeper of snapshots promises, whatever engine is behind it. `connect` gives another handle on the same data. */
export const snapshotsContract = (name: string, connect: () => Promise<Snapshots>): void => {
  describe(`snapshots on ${name}`, () => {
    test('of a stream that has none are none', async () => {
      expect(await (await connect()).load(freshStream(), 1)).toBeUndefined()
    })

    test('come back to the letter through another handle', async () => {
      const kept = snapshotOf(freshStream(), 7)
      await (await connect()).save(kept, 0)
      expect(await (await connect()).load(kept.stream, 1)).toEqual(kept)
    })

    test('give way to newer ones, and not to older ones', async () => {
      const stream = freshStream()
      const snapshots = await connect()
      for (const version of [5, 9, 7]) await snapshots.save(snapshotOf(stream, version), 0)
      expect((await snapshots.load(stream, 1))?.version).toBe(9)
    })

    test('are kept apart by the schema of the state', async () => {
      const stream = freshStream()
      const snapshots = await connect()
      await snapshots.save(snapshotOf(stream, 9), 0)
      await snapshots.save(snapshotOf(stream, 5, { schema: 2, state: 'other' }), 0)
      expect((await snapshots.load(stream, 1))?.version).toBe(9)
      expect((await snapshots.load(stream, 2))?.state).toBe('other')
      expect(await snapshots.load(stream, 3)).toBeUndefined()
    })

    test.each([PAGE_SIZE - 1, PAGE_SIZE, PAGE_SIZE + 1, 3 * PAGE_SIZE + 5])(
      'hold the commands of %i commits',
      async (commits) => {
        const kept = snapshotOf(freshStream(), commits)
        const snapshots = await connect()
        await snapshots.save(kept, 0)
        expect(await snapshots.load(kept.stream, 1)).toEqual(kept)
      },
    )

    test('write only the pages that are not kept yet', async () => {
      const stream = freshStream()
      const snapshots = await connect()
      await snapshots.save(snapshotOf(stream, PAGE_SIZE + 1), 0)
      const later = snapshotOf(stream, 2 * PAGE_SIZE + 3)
      await snapshots.save(later, 1)
      expect(await snapshots.load(stream, 1)).toEqual(later)
    })
  })
}
