import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { type CommandRequest, executeCommand } from '../../commands/execute-command.ts'
import { memoryEventStore } from '../../infra/event-store/memory.ts'
import { type Commit, type EventStore, EventStoreFault } from '../../infra/event-store/port.ts'
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

const run = (store: EventStore) => {
  const execute = executeCommand({ store, backOff: noWait })
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
  expect(again).toMatchObject(E.right({ replayed: true, commit: { version: 1 } }))
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

/** Loses the answer of some appends after they were written, and fails others before. */
const faulty = (store: EventStore, s: fc.Scheduler, faults: Iterator<'none' | 'before' | 'after'>): EventStore => ({
  emptyStream: store.emptyStream,
  read: async function* (name, range) {
    for await (const slice of store.read(name, range)) {
      await s.schedule(Promise.resolve())
      yield slice
    }
  },
  append: async (position, draft) => {
    const fault = faults.next().value ?? 'none'
    await s.schedule(Promise.resolve())
    if (fault === 'before') throw new EventStoreFault('lost before')
    const appended = await store.append(position, draft)
    await s.schedule(Promise.resolve())
    if (fault === 'after') throw new EventStoreFault('lost after')
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
      async (s, faults, more, creates) => {
        const store = memoryEventStore(testStamp)
        const send = run(faulty(store, s, faults[Symbol.iterator]()))
        const acknowledged: string[] = []
        const writer = async (name: number): Promise<void> => {
          for (let n = 0; n < 3; n += 1) {
            const commandId = `w${name}-${n}`
            for (let tries = 0; tries < 3; tries += 1) {
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
      },
    ),
    { numRuns: 300 },
  )
})
