import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import {
  type Appended,
  type Commit,
  type Draft,
  type EventStore,
  lastVersion,
  type Position,
  type StreamName,
} from '../../infra/event-store/port.ts'

let streams = 0
const freshStream = (tenant = 'acme', type = 'order'): StreamName => {
  streams += 1
  return { tenant, type, id: `stream ${streams}-${process.pid}-${Date.now()}` }
}

export const draftOf = (commandId: string, ...data: ReadonlyArray<unknown>): Draft => ({
  commandId,
  fingerprint: 'f'.repeat(64),
  actor: { subject: 'tester', roles: ['admin', 'sales'] },
  correlationId: 'correlation',
  causationId: null,
  events: data.map((datum) => ({ type: 'Happened', schemaVersion: 1, data: datum })),
})

const must = async (appending: ReturnType<EventStore['append']>): Promise<Appended> => {
  const appended = await appending
  if (E.isLeft(appended)) throw new Error(`not appended: ${appended.left._tag}`)
  return appended.right
}

const commitsOf = async (store: EventStore, stream: StreamName, range?: { after?: number; through?: number }) => {
  const commits: Commit[] = []
  for await (const { commit } of store.read(stream, range)) commits.push(commit)
  return commits
}

/** What every event store keeps, whatever engine is behind it. `connect` gives another handle on the same data. */
export const eventStoreContract = (name: string, connect: () => Promise<EventStore>): void => {
  describe(`the event store on ${name}`, () => {
    test('a stream that was never written is empty', async () => {
      expect(await commitsOf(await connect(), freshStream())).toEqual([])
    })

    test('what was appended is read back to the letter, in order, through another handle', async () => {
      const stream = freshStream()
      const store = await connect()
      const first = await must(
        store.append(store.emptyStream(stream), draftOf('c1', { a: 1 }, { b: 'ä€😀\u0000"' }, null)),
      )
      const second = await must(
        store.append(first.position, {
          ...draftOf('c2', [1.5, -0, 5e-324, Number.MAX_SAFE_INTEGER]),
          actor: { subject: 'tester', roles: [], client: 'back office' },
          causationId: 'cause',
        }),
      )
      expect(first.commit.version).toBe(1)
      expect(second.commit.version).toBe(4)
      expect(second.commit.previousHash).toBe(first.commit.hash)
      expect(await commitsOf(await connect(), stream)).toEqual(
        JSON.parse(JSON.stringify([first.commit, second.commit])),
      )
    })

    test('a second writer at the same position conflicts and learns who won', async () => {
      const stream = freshStream()
      const [one, other] = [await connect(), await connect()]
      const { commit } = await must(one.append(one.emptyStream(stream), draftOf('c1', 1)))
      const lost = await other.append(other.emptyStream(stream), draftOf('c2', 2))
      expect(lost).toMatchObject(E.left({ _tag: 'Conflict', winner: { commit } }))
      expect(await commitsOf(one, stream)).toEqual([commit])
    })

    test('the position of a lost race is good to append behind', async () => {
      const stream = freshStream()
      const store = await connect()
      await must(store.append(store.emptyStream(stream), draftOf('c1', 1, 2)))
      const lost = await store.append(store.emptyStream(stream), draftOf('c2', 3))
      if (E.isRight(lost) || lost.left._tag !== 'Conflict') throw new Error('expected a conflict')
      expect((await must(store.append(lost.left.winner.position, draftOf('c2', 3)))).commit.version).toBe(3)
    })

    test('a position made by hand is refused, so nobody leaves a hole', async () => {
      const stream = freshStream()
      const store = await connect()
      const { position } = await must(store.append(store.emptyStream(stream), draftOf('c1', 1)))
      const forged: Position = { ...position, version: 9 }
      await expect(store.append(forged, draftOf('c2', 1))).rejects.toThrow(TypeError)
      expect(await commitsOf(store, stream)).toHaveLength(1)
    })

    test('reading begins behind a version and ends at one', async () => {
      const stream = freshStream()
      const store = await connect()
      let position = store.emptyStream(stream)
      for (const id of ['c1', 'c2', 'c3']) position = (await must(store.append(position, draftOf(id, id, id)))).position
      const versions = async (range: { after?: number; through?: number }) =>
        (await commitsOf(store, stream, range)).map((commit) => [commit.version, lastVersion(commit)])
      expect(await versions({ after: 2 })).toEqual([
        [3, 4],
        [5, 6],
      ])
      expect(await versions({ through: 3 })).toEqual([
        [1, 2],
        [3, 4],
      ])
      expect(await versions({ after: 2, through: 4 })).toEqual([[3, 4]])
      expect(await versions({ after: 6 })).toEqual([])
    })

    test('the tail of a stream is its newest commits, oldest first, and good to append behind', async () => {
      const stream = freshStream()
      const store = await connect()
      expect(await store.tail(stream, 5)).toEqual([])
      let position = store.emptyStream(stream)
      for (const id of ['c1', 'c2', 'c3']) position = (await must(store.append(position, draftOf(id, id, id)))).position
      const all = await Array.fromAsync(store.read(stream))
      expect(await store.tail(stream, 5)).toEqual(all)
      expect(await store.tail(stream, 2)).toEqual(all.slice(-2))
      const newest = (await store.tail(stream, 1)).at(-1)
      if (newest === undefined) throw new Error('no commit')
      expect((await must(store.append(newest.position, draftOf('c4', 1)))).commit.version).toBe(7)
    })

    test('tenants, types and ids name different streams', async () => {
      const store = await connect()
      const one = freshStream()
      for (const stream of [
        one,
        { ...one, tenant: 'other' },
        { ...one, type: 'stock' },
        { ...one, id: `${one.id}B` },
      ]) {
        await must(store.append(store.emptyStream(stream), draftOf('c1', stream)))
      }
      const [commit] = await commitsOf(store, { ...one, tenant: 'other' })
      expect(commit?.events[0]?.data).toEqual({ ...one, tenant: 'other' })
    })

    test('a stream of several megabytes is read whole, page by page', async () => {
      const stream = freshStream()
      const store = await connect()
      const noise = Array.from({ length: 60_000 }, (_, i) => Math.sin(i).toString(36).slice(3, 8)).join('')
      let position = store.emptyStream(stream)
      for (let i = 0; i < 12; i += 1) {
        position = (await must(store.append(position, draftOf(`c${i}`, { i, noise })))).position
      }
      const tail = await store.tail(stream, 12)
      expect(tail.length).toBeGreaterThan(0)
      expect(tail.at(-1)?.position.version).toBe(12)
      const read = await commitsOf(store, stream)
      expect(read.map((commit) => commit.events[0]?.data)).toEqual(Array.from({ length: 12 }, (_, i) => ({ i, noise })))
    })

    test('of many concurrent writers every acknowledged commit is there once, and versions have no gap', async () => {
      const stream = freshStream()
      const stores = await Promise.all(Array.from({ length: 4 }, connect))
      const acknowledged: string[] = []
      await Promise.all(
        stores.map(async (store, writer) => {
          let position = store.emptyStream(stream)
          for (let done = 0; done < 8; ) {
            const commandId = `w${writer}-${done}`
            const appended = await store.append(position, draftOf(commandId, done, done))
            if (E.isRight(appended)) {
              position = appended.right.position
              acknowledged.push(commandId)
              done += 1
            } else if (appended.left._tag === 'Conflict') position = appended.left.winner.position
          }
        }),
      )
      const commits = await commitsOf(await connect(), stream)
      expect(commits.map((commit) => commit.commandId).toSorted()).toEqual(acknowledged.toSorted())
      expect(commits.map((commit) => commit.version)).toEqual(Array.from({ length: 32 }, (_, i) => 2 * i + 1))
    })
  })
}
