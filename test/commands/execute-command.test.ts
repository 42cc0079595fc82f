import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { type CommandDependencies, type CommandRequest, executeCommand } from '../../commands/execute-command.ts'
import { load } from '../../commands/load.ts'
import { warmStreams } from '../../commands/warm-streams.ts'
import { memoryEventStore } from '../../infra/event-store/memory.ts'
import { type Commit, type EventStore, EventStoreFault } from '../../infra/event-store/port.ts'
import { memorySnapshots } from '../../infra/snapshots/memory.ts'
import type { Snapshots } from '../../infra/snapshots/port.ts'
import { testStamp } from '../infra/event-store/stamp.ts'
import { type Count, counter } from './counter.ts'

const stream = { tenant: 'acme', type: 'counter', id: 'one' }
const noWait = async (): Promise<void> => {}

const request = (
  commandId: string,
  by: number,
  more: Partial<CommandRequest<Count, never>> = {},
): CommandRequest<Count, never> => ({
  stream,
  command: async () => E.right({ by }),
  commandId,
  fingerprint: `by ${by}`,
  creates: false,
  actor: { subject: 'tester', roles: ['admin'] },
  correlationId: 'correlation',
  causationId: null,
  ...more,
})

const run = (store: EventStore, more: Partial<CommandDependencies> = {}) => {
  const execute = executeCommand({ store, backOff: noWait, ...more })
  return (sent: CommandRequest<Count, never>) => execute(counter, sent)
}

const commitsIn = async (store: EventStore): Promise<ReadonlyArray<Commit>> => {
  const commits: Commit[] = []
  for await (const { commit } of store.read(stream)) commits.push(commit)
  return commits
}

test('a command id that was applied answers its first commit and writes nothing', async () => {
  const store = memoryEventStore(testStamp)
  const send = run(store)
  const first = await send(request('c1', 5))
  await send(request('c2', 1))
  const again = await send(request('c1', 5))
  expect(again).toEqual(E.map((outcome) => ({ ...Object(outcome), replayed: true }))(first))
  expect(store.commits()).toHaveLength(2)
})

test('a command id with another payload is an error of its own, and writes nothing', async () => {
  const store = memoryEventStore(testStamp)
  await run(store)(request('c1', 5))
  expect(await run(store)(request('c1', 6))).toEqual(E.left({ _tag: 'CommandIdReused' }))
  expect(store.commits()).toHaveLength(1)
})

test('a creation that was applied before is answered even if it would be rejected today', async () => {
  const store = memoryEventStore(testStamp)
  const creating = request('c1', 900, { creates: true })
  await run(store)(creating)
  await run(store)(request('c2', 100))
  const again = await run(store)({ ...creating, command: async () => E.right({ by: 5_000 }) })
  expect(again).toMatchObject(E.right({ replayed: true, version: 1 }))
})

test('a rejection is decided on the whole stream, not on an assumed empty one', async () => {
  const store = memoryEventStore(testStamp)
  await run(store)(request('c1', 900))
  expect(await run(store)(request('c2', 200, { creates: true }))).toEqual(
    E.left({ _tag: 'Rejected', rejection: { _tag: 'TooMuch' } }),
  )
})

test('a version that the caller has not seen is a mismatch, and writes nothing', async () => {
  const store = memoryEventStore(testStamp)
  await run(store)(request('c1', 1))
  expect(await run(store)(request('c2', 1, { expectedVersion: 0 }))).toEqual(
    E.left({ _tag: 'VersionMismatch', actual: 1 }),
  )
  expect(E.isRight(await run(store)(request('c2', 1, { expectedVersion: 1 })))).toBe(true)
})

test('a store that always says conflict ends in contention, not in an endless loop', async () => {
  const store = memoryEventStore(testStamp)
  let other = 0
  const raced: EventStore = {
    ...store,
    append: async (position, draft) => {
      other += 1
      await store.append(position, { ...draft, commandId: `other ${other}` })
      return store.append(position, draft)
    },
  }
  expect(await run(raced)(request('c1', 1))).toMatchObject(E.left({ _tag: 'Contended' }))
})

type Memory = 'none' | 'warm' | 'warm and snapshots'

const remembering = (memory: Memory, snapshots: Snapshots): Partial<CommandDependencies> => {
  const saved: Promise<void>[] = []
  const snapshotting = {
    snapshots,
    everyEvents: 2,
    slowLoadMs: 0,
    now: () => 0,
    background: (saving: Promise<void>) => saved.push(saving),
  }
  return {
    ...(memory !== 'none' && { warm: warmStreams() }),
    ...(memory === 'warm and snapshots' && { snapshotting }),
  }
}

/** Loses the answer of some appends after they were written, and fails others before. */
const faulty = (store: EventStore, s: fc.Scheduler, faults: Iterator<'none' | 'before' | 'after'>): EventStore => ({
  emptyStream: store.emptyStream,
  tail: async (name, commits) => {
    await s.schedule(Promise.resolve())
    return store.tail(name, commits)
  },
  read: async function* (name, range) {
    for await (const slice of store.read(name, range)) {
      await s.schedule(Promise.resolve())
      yield slice
    }
  },
  append: async (position, draft) => {
    const fault = faults.next().value ?? 'none'
    await s.schedule(Promise.resolve())
    if (fault === 'before') throw new EventStoreFault('lost before', 'unavailable')
    const appended = await store.append(position, draft)
    await s.schedule(Promise.resolve())
    if (fault === 'after') throw new EventStoreFault('lost after', 'unavailable')
    return appended
  },
})

test('any writers with faults and any timing leave every acknowledged command once, none twice, and no stale decision', async () => {
  const fault = fc.constantFrom('none', 'none', 'none', 'before', 'after')
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(fault, { maxLength: 40 }),
      fc.nat(3),
      fc.boolean(),
      fc.constantFrom<Memory>('none', 'warm', 'warm and snapshots'),
      async (s, faults, more, creates, memory) => {
        const store = memoryEventStore(testStamp)
        const engine = faulty(store, s, faults[Symbol.iterator]())
        const snapshots = memorySnapshots()
        // Two processes, whose memories know nothing of each other.
        const processes = [0, 1].map(() => run(engine, remembering(memory, snapshots)))
        const acknowledged: string[] = []
        const writer = async (name: number): Promise<void> => {
          for (let n = 0; n < 3; n += 1) {
            const commandId = `w${name}-${n}`
            for (let tries = 0; tries < 3; tries += 1) {
              const send = processes[(name + tries) % 2] ?? run(engine)
              const outcome = await send(request(commandId, 1, { creates })).catch(() => undefined)
              if (outcome === undefined || E.isLeft(outcome)) continue
              acknowledged.push(commandId)
              break
            }
          }
        }
        await s.waitFor(Promise.all(Array.from({ length: more + 2 }, (_, name) => writer(name))))
        const commits = await commitsIn(store)
        const ids = commits.map((commit) => commit.commandId)
        expect(new Set(ids).size).toBe(ids.length)
        expect(ids).toEqual(expect.arrayContaining(acknowledged))
        expect(commits.map((commit) => commit.version)).toEqual(commits.map((_, index) => index + 1))
        expect(commits.map((commit) => commit.events[0]?.data)).toEqual(
          commits.map((_, index) => ({ by: 1, seen: index })),
        )
        const folded = await load(store, snapshots, counter, stream)
        expect(folded).toMatchObject({ state: commits.length, position: { version: commits.length } })
      },
    ),
    { numRuns: 300 },
  )
})

/** Counts the requests that a store is sent. */
const counting = (store: EventStore) => {
  const requests: string[] = []
  const counted: EventStore = {
    ...store,
    append: (position, draft) => {
      requests.push('append')
      return store.append(position, draft)
    },
    tail: (name, commits) => {
      requests.push('tail')
      return store.tail(name, commits)
    },
    read: (name, range) => {
      requests.push('read')
      return store.read(name, range)
    },
  }
  return { store: counted, requests }
}

test('a command on a warm stream takes one request, and so does a lost race, beside the append behind the winner', async () => {
  const memory = memoryEventStore(testStamp)
  const { store, requests } = counting(memory)
  const [here, there] = [run(store, { warm: warmStreams() }), run(memory)]
  await here(request('c1', 1))
  expect(requests.splice(0)).toEqual(['tail', 'append'])
  await here(request('c2', 1))
  expect(requests.splice(0)).toEqual(['append'])
  await there(request('other', 1))
  await here(request('c3', 1))
  expect(requests.splice(0)).toEqual(['append', 'append'])
  expect((await commitsIn(memory)).map(({ events }) => events[0]?.data)).toEqual(
    [0, 1, 2, 3].map((seen) => ({ by: 1, seen })),
  )
})

test('a warm stream refuses nothing that the stream itself does not: it looks again first', async () => {
  const memory = memoryEventStore(testStamp)
  const here = run(memory, { warm: warmStreams() })
  await here(request('c1', 900))
  await run(memory)(request('other', -800))
  expect(E.isRight(await here(request('c2', 500)))).toBe(true)
  expect(await here(request('c3', 1, { expectedVersion: 1 }))).toEqual(E.left({ _tag: 'VersionMismatch', actual: 3 }))
  await run(memory)(request('another', 1))
  expect(E.isRight(await here(request('c4', 1, { expectedVersion: 4 })))).toBe(true)
})

test('a command id is known for ever, also by a process that folds a long stream from its snapshot', async () => {
  const memory = memoryEventStore(testStamp)
  const snapshots = memorySnapshots()
  const writing = run(memory, remembering('warm and snapshots', snapshots))
  for (let nth = 0; nth < 1_500; nth += 1) await writing(request(`c${nth}`, nth % 2 === 0 ? 1 : -1))
  const { store, requests } = counting(memory)
  const later = (): ReturnType<typeof run> => run(store, remembering('warm and snapshots', snapshots))
  expect(await later()(request('c7', -1))).toMatchObject(E.right({ replayed: true, version: 8 }))
  expect(await later()(request('c1499', -1))).toMatchObject(E.right({ replayed: true, version: 1_500 }))
  expect(await later()(request('c7', 1))).toEqual(E.left({ _tag: 'CommandIdReused' }))
  requests.splice(0)
  expect(await later()(request('new', 1))).toMatchObject(E.right({ replayed: false, version: 1_501 }))
  expect(requests).toEqual(['tail', 'append'])
})

test('a stream whose snapshot could not be kept is folded anew, so that the next one is whole', async () => {
  const { store, requests } = counting(memoryEventStore(testStamp))
  const kept = memorySnapshots()
  const failures = [new Error('away')]
  const snapshots: Snapshots = {
    ...kept,
    save: async (snapshot, pagesKept) => {
      const failure = failures.pop()
      if (failure !== undefined) throw failure
      expect(pagesKept).toBe(0)
      await kept.save(snapshot, pagesKept)
    },
  }
  const saved: Promise<unknown>[] = []
  const background = (saving: Promise<void>) => saved.push(saving.catch(() => 'failed'))
  const policy = { snapshots, everyEvents: 1, slowLoadMs: 1_000, now: () => 0, background }
  const send = run(store, { warm: warmStreams(), snapshotting: policy })
  await send(request('c1', 1))
  expect(await Promise.all(saved)).toEqual(['failed'])
  requests.splice(0)
  await send(request('c2', 1))
  expect(requests.splice(0)).toEqual(['tail', 'append'])
  await Promise.all(saved)
  expect((await kept.load(stream, 1))?.version).toBe(2)
  await send(request('c3', 1))
  expect(requests).toEqual(['append'])
})
