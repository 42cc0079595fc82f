import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { executeCommand } from '../../../commands/execute-command.ts'
import type { Process, Settled, Step, StepKind } from '../../../commands/processes/process.ts'
import { type WorkingDeps, workOff } from '../../../commands/processes/work-off.ts'
import { memoryEventStore } from '../../../infra/event-store/memory.ts'
import { CorruptCommit, EventStoreFault, InvalidDraft } from '../../../infra/event-store/port.ts'
import { silentLogger } from '../../../infra/log/logger.ts'
import { newUlid } from '../../../infra/ulids.ts'
import { ProcessStepEvent } from '../../../schemas/events/process-step.ts'
import { testStamp } from '../../infra/event-store/stamp.ts'
import { counter } from '../counter.ts'

const NOW = new Date('2026-03-01T12:00:00.000Z')
const unaborted = (): AbortSignal => new AbortController().signal

const causeOf = (subject: string) => ({ tenant: 'acme', type: 'cause', id: subject })

const stepsOf = (count: number): ReadonlyArray<Step> =>
  Array.from({ length: count }, (_, index) => {
    const subject = String(index).padStart(3, '0')
    return { tenant: 'acme', subject, dueAt: '2026-03-01T11:00:00.000Z', cause: causeOf(subject) }
  })

/** A worker with one process of one kind, which counts by one in a stream of each step. */
const working = (steps: ReadonlyArray<Step>, instead: Partial<WorkingDeps> = {}) => {
  const store = memoryEventStore(testStamp)
  const asked: string[] = []
  const counts: string[] = []
  const deps: WorkingDeps = {
    store,
    backOff: async () => {},
    newId: newUlid,
    clock: () => NOW,
    metrics: { record: (_, dimensions) => counts.push(Object.values(dimensions).join(' ')) },
    log: silentLogger,
    ...instead,
  }
  const take: StepKind['take'] = async ({ tenant, subject }, request) => {
    const done = await executeCommand(deps)(counter, {
      ...request,
      stream: { tenant, type: counter.streamType, id: subject },
      command: async () => E.right({ by: 1 }),
      creates: true,
    })
    return { _tag: E.isRight(done) && done.right.replayed ? 'Moot' : 'Done' }
  }
  const processTaking = (taking: StepKind['take'] = take): Process => ({
    name: 'counting',
    kinds: {
      count: {
        due: async (now, after, limit) => {
          asked.push(`${now.toISOString()} behind ${after?.subject ?? 'none'}`)
          const from = after === null ? 0 : steps.findIndex(({ subject }) => subject === after.subject) + 1
          return steps.slice(from, from + limit)
        },
        take: taking,
      },
    },
  })
  const commitsOf = (type: string) => store.commits().filter(({ stream }) => stream.type === type)
  return { store, deps, asked, counts, take, processTaking, commitsOf }
}

const fail = (): never => {
  throw new Error('there is such a kind')
}

const none = { Done: 0, Moot: 0, Later: 0, Refused: 0, Failed: 0 }

test('every step that is due is taken, page by page', async () => {
  const { deps, processTaking, commitsOf, asked, counts } = working(stepsOf(40))
  expect(await workOff(deps, processTaking(), unaborted())).toEqual({ ...none, Done: 40 })
  expect(commitsOf('counter').map(({ stream }) => stream.id)).toEqual(stepsOf(40).map(({ subject }) => subject))
  expect(asked).toEqual(['none', '015', '031', '039'].map((subject) => `${NOW.toISOString()} behind ${subject}`))
  expect(counts).toEqual(Array.from({ length: 40 }, () => 'counting done'))
})

test('a step that is taken again, or by two at once, is applied once', async () => {
  const { deps, processTaking, commitsOf } = working(stepsOf(3))
  const runs = await Promise.all([1, 2, 3].map(() => workOff(deps, processTaking(), unaborted())))
  expect(runs.map(({ Done }) => Done).reduce((sum, done) => sum + done)).toBe(3)
  expect(await workOff(deps, processTaking(), unaborted())).toEqual({ ...none, Moot: 3 })
  expect(commitsOf('counter')).toHaveLength(3)
})

test('a step goes on in the correlation of what caused it, in the name of its process', async () => {
  const { deps, store, processTaking, commitsOf } = working(stepsOf(1))
  const appended = await store.append(store.emptyStream(causeOf('000')), {
    actor: { subject: 'somebody', roles: ['sales'] },
    correlationId: 'from the request',
    causationId: null,
    commandId: 'c1',
    fingerprint: 'f'.repeat(64),
    events: [{ type: 'Caused', schemaVersion: 1, data: {} }],
  })
  await workOff(deps, processTaking(), unaborted())
  expect(commitsOf('counter')).toMatchObject([
    {
      actor: { subject: 'process:counting', roles: ['integration'] },
      correlationId: 'from the request',
      causationId: E.isRight(appended) ? appended.right.commit.commitId : 'none',
      commandId: 'counting/count/000',
    },
  ])
})

test('a step that is refused is set aside once, with the reason, and the others go on', async () => {
  const { deps, processTaking, take, commitsOf } = working(stepsOf(20))
  const refusing: StepKind['take'] = async (step, request) =>
    step.subject === '003' ? { _tag: 'Refused', reason: 'not today'.repeat(100) } : take(step, request)
  const runs = await Promise.all([1, 2].map(() => workOff(deps, processTaking(refusing), unaborted())))
  expect(runs).toMatchObject([{ Refused: 1 }, { Refused: 1 }])
  expect(commitsOf('counter')).toHaveLength(19)
  const step = { process: 'counting', kind: 'count', subject: '003' }
  expect(commitsOf('process-step').flatMap(({ events }) => events)).toEqual([
    { type: 'StepRefused', schemaVersion: 1, data: { ...step, reason: 'not today'.repeat(100).slice(0, 500) } },
  ])
})

test('a step whose stream cannot be trusted is set aside, whichever stream that is', async () => {
  const { deps, processTaking, take, commitsOf } = working(stepsOf(3))
  const tail: typeof deps.store.tail = async (stream, commits) => {
    if (stream.type === 'cause' && stream.id === '001') throw new CorruptCommit(stream, 1, 'its hash does not match')
    return deps.store.tail(stream, commits)
  }
  const corrupt: StepKind['take'] = async (step, request) => {
    if (step.subject === '002') throw new CorruptCommit(causeOf('002'), 4, 'it does not decode')
    return take(step, request)
  }
  const run = await workOff({ ...deps, store: { ...deps.store, tail } }, processTaking(corrupt), unaborted())
  expect(run).toEqual({ ...none, Done: 1, Refused: 2 })
  expect(commitsOf('process-step').map(({ events }) => events[0]?.data)).toMatchObject([
    { subject: '001', reason: expect.stringContaining('its hash does not match') },
    { subject: '002', reason: expect.stringContaining('it does not decode') },
  ])
})

test('a reason is put on record as an event can hold it', async () => {
  const { deps, processTaking, commitsOf } = working(stepsOf(1))
  const reason = `its events cannot be read: \u0000${'x'.repeat(471)}\u{1F600}`
  await workOff(
    deps,
    processTaking(async () => ({ _tag: 'Refused', reason })),
    unaborted(),
  )
  const [refused] = commitsOf('process-step').flatMap(({ events }) => events)
  expect(ProcessStepEvent.is(refused)).toBe(true)
})

test('a step whose events could not be stored is set aside', async () => {
  const { deps, processTaking, commitsOf } = working(stepsOf(1))
  const broken: StepKind['take'] = () => Promise.reject(new InvalidDraft(causeOf('000'), '/events/0', 'is no JSON'))
  expect(await workOff(deps, processTaking(broken), unaborted())).toEqual({ ...none, Refused: 1 })
  expect(commitsOf('process-step')).toHaveLength(1)
})

test('a kind of which all fail holds up no other kind', async () => {
  const { deps, processTaking, take, commitsOf } = working(stepsOf(3))
  const failing: StepKind['take'] = () => Promise.reject(new EventStoreFault('away', 'unavailable'))
  const kinds = { ...processTaking(failing).kinds, other: processTaking(take).kinds['count'] ?? fail() }
  expect(await workOff(deps, { name: 'counting', kinds }, unaborted())).toEqual({ ...none, Done: 3, Failed: 3 })
  expect(commitsOf('counter')).toHaveLength(3)
})

test('a step that fails stays due, and the others go on', async () => {
  const { deps, processTaking, take, commitsOf, counts } = working(stepsOf(20))
  const failing: StepKind['take'] = async (step, request) => {
    if (step.subject === '003') throw new EventStoreFault('away', 'unavailable')
    return take(step, request)
  }
  expect(await workOff(deps, processTaking(failing), unaborted())).toEqual({ ...none, Done: 19, Failed: 1 })
  expect(counts.filter((count) => count === 'counting failed')).toHaveLength(1)
  expect(commitsOf('process-step')).toEqual([])
  expect(await workOff(deps, processTaking(), unaborted())).toEqual({ ...none, Done: 1, Moot: 19 })
})

test('while whatever is tried fails, no more is tried', async () => {
  const { deps, processTaking, asked } = working(stepsOf(40))
  const failing: StepKind['take'] = () => Promise.reject(new EventStoreFault('away', 'unavailable'))
  expect(await workOff(deps, processTaking(failing), unaborted())).toEqual({ ...none, Failed: 16 })
  expect(asked).toHaveLength(1)
})

test('a run that is told to stop ends behind the page that it is at', async () => {
  const { deps, processTaking, take, commitsOf } = working(stepsOf(40))
  const stopping = new AbortController()
  const settled: StepKind['take'] = async (step, request): Promise<Settled> => {
    stopping.abort()
    return take(step, request)
  }
  expect(await workOff(deps, processTaking(settled), stopping.signal)).toEqual({ ...none, Done: 16 })
  expect(commitsOf('counter')).toHaveLength(16)
})

test('what is due cannot be asked: the run says so', async () => {
  const { deps, processTaking } = working([])
  const { kinds } = processTaking()
  const due = () => Promise.reject(new Error('Postgres is away'))
  const process = {
    name: 'counting',
    kinds: { count: { ...kinds['count'], due, take: async () => ({ _tag: 'Done' as const }) } },
  }
  await expect(workOff(deps, process, unaborted())).rejects.toThrow('Postgres is away')
})
