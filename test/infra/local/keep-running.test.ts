import { expect, test } from 'vitest'
import { EngineFault, type Exit, type Process } from '../../../infra/local/engines/engine.ts'
import { type KeepOptions, keepRunning } from '../../../infra/local/keep-running.ts'
import { eventually } from './eventually.ts'

type Numbered = Process & { readonly number: number; readonly die: () => void }

/** Starts processes that exist only here, and remembers what happened to them. */
const factory = (options: { readonly failing?: (attempt: number) => EngineFault | null } = {}) => {
  const started: Numbered[] = []
  const firsts: Array<Numbered | null> = []
  const start = async (first: Numbered | null): Promise<Numbered> => {
    firsts.push(first)
    const fault = options.failing?.(firsts.length) ?? null
    if (fault !== null) throw fault
    const exit = Promise.withResolvers<Exit>()
    const number = started.length + 1
    const end = () => exit.resolve({ code: 1, signal: null })
    const stop = async () => end()
    started.push({ name: 'part', number, pid: number, stopSignal: 'SIGTERM', exited: exit.promise, stop, die: end })
    return started.at(-1) ?? (await start(first))
  }
  return { start, started, firsts }
}

const keeping = (start: KeepOptions<Numbered>['start']) => {
  const reports: string[] = []
  const faults: EngineFault[] = []
  const stopping = new AbortController()
  const options: KeepOptions<Numbered> = {
    name: 'part',
    start,
    stopping: stopping.signal,
    report: (line) => reports.push(line),
    onGivenUp: (fault) => faults.push(fault),
  }
  return { options, reports, faults, stopping }
}

test('a process that died is started again where the first one was, and the user is told', async () => {
  const { start, started, firsts } = factory()
  const { options, reports } = keeping(start)
  const kept = await keepRunning(options)
  started[0]?.die()
  await eventually('it was started again', () => (started.length === 2 ? true : null))
  expect(firsts).toEqual([null, kept.first])
  expect(reports).toEqual(['part ended unexpectedly (exit code 1); starting it again'])
})

test('a stop is no death', async () => {
  const { start, started } = factory()
  const { options, reports, stopping } = keeping(start)
  const kept = await keepRunning(options)
  stopping.abort()
  await kept.stop()
  await kept.first.exited
  expect([started.length, reports]).toEqual([1, []])
})

test('a restart on request starts another without a word', async () => {
  const { start, started } = factory()
  const { options, reports } = keeping(start)
  const kept = await keepRunning(options)
  await kept.restart()
  await eventually('it was started again', () => (started.length === 2 ? true : null))
  expect(reports).toEqual([])
})

test('a first start that failed for a passing reason is tried again', async () => {
  const { start, started } = factory({ failing: (attempt) => (attempt < 3 ? new EngineFault('not yet', true) : null) })
  const { options, reports } = keeping(start)
  await keepRunning(options)
  expect([started.length, reports]).toEqual([1, ['not yet; starting it again', 'not yet; starting it again']])
})

test('a fault that does not pass ends the first start at once', async () => {
  const { start, firsts } = factory({ failing: () => new EngineFault('no binary') })
  await expect(keepRunning(keeping(start).options)).rejects.toThrow('no binary')
  expect(firsts.length).toBe(1)
})

test('whoever dies again and again is given up with its last fault', async () => {
  const { start, started, firsts } = factory({
    failing: (attempt) => (attempt === 1 ? null : new EngineFault('part ended; its log is part.log', attempt < 4)),
  })
  const { options, faults } = keeping(start)
  await keepRunning(options)
  started[0]?.die()
  await eventually('it was given up', () => faults[0] ?? null)
  expect(faults.map(({ message }) => message)).toEqual(['part ended; its log is part.log'])
  expect(firsts.length).toBe(4)
})
