import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Process } from '../../../infra/local/engines/engine.ts'
import { startGuard } from '../../../infra/local/guard.ts'
import { allGone, isAlive } from './eventually.ts'
import { temporaryDir } from './temporary-dir.ts'

const OBEDIENT = "process.stdout.write('up'); setInterval(() => {}, 60_000)"
const STUBBORN = `process.on('SIGTERM', () => {}); ${OBEDIENT}`
const GUARD = new URL('../../../infra/local/guard.ts', import.meta.url).href

const running = async (script: string): Promise<{ readonly child: ChildProcess; readonly process: Process }> => {
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const exited = once(child, 'exit').then(() => ({ code: null, signal: null }))
  await once(child.stdout, 'data')
  return { child, process: { name: 'x', pid: child.pid ?? 0, stopSignal: 'SIGTERM', exited, stop: async () => {} } }
}

test('at the end of its input the guardian ends what it watches, also what ignores SIGTERM, and removes what is to go', async () => {
  const dir = temporaryDir()
  const passing = join(dir, 'passing with a space')
  mkdirSync(passing)
  writeFileSync(join(passing, 'file'), '')
  const guard = await startGuard(join(dir, 'guard'), join(dir, 'guardian.log'))
  const [obedient, stubborn] = [await running(OBEDIENT), await running(STUBBORN)]
  guard.watch(obedient.process)
  guard.watch(stubborn.process)
  guard.removeInTheEnd(passing)
  await guard.finish()
  await allGone([obedient.process.pid, stubborn.process.pid])
  expect(existsSync(passing)).toBe(false)
})

test('a process that ended is forgotten: whoever has its pid next is left alone', async () => {
  const dir = temporaryDir()
  const guard = await startGuard(join(dir, 'guard'), join(dir, 'guardian.log'))
  const bystander = await running(OBEDIENT)
  // Its process as the guard saw it has exited; that the pid lives on is another program's matter.
  const exited = Promise.resolve({ code: 0, signal: null })
  guard.watch({ ...bystander.process, exited })
  await exited
  await guard.finish()
  expect(isAlive(bystander.process.pid)).toBe(true)
})

test('the guardian acts when its supervisor is killed', async () => {
  const dir = temporaryDir()
  const { process: watched } = await running(OBEDIENT)
  const script = `
    import { startGuard } from ${JSON.stringify(GUARD)}
    const guard = await startGuard(${JSON.stringify(join(dir, 'guard'))}, ${JSON.stringify(join(dir, 'guardian.log'))})
    guard.watch({ pid: ${watched.pid}, stopSignal: 'SIGTERM', exited: new Promise(() => {}) })
    process.stdout.write(String(guard.pid))
    setInterval(() => {}, 60_000)
  `
  const supervisor = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [guardian] = await once(supervisor.stdout, 'data')
  supervisor.kill('SIGKILL')
  await allGone([watched.pid, Number(String(guardian))])
})

test('a guardian begins only when its predecessor has ended everything', async () => {
  const dir = temporaryDir()
  const first = await startGuard(join(dir, 'guard'), join(dir, 'guardian.log'))
  const stubborn = await running(STUBBORN)
  first.watch(stubborn.process)
  const finished = first.finish()
  const second = await startGuard(join(dir, 'guard'), join(dir, 'guardian.log'))
  expect(isAlive(stubborn.process.pid)).toBe(false)
  await Promise.all([finished, second.finish()])
})
