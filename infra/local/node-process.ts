import { type ChildProcess, fork } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import * as t from 'io-ts'
import { EngineFault, type Exit, type Process } from './engines/engine.ts'
import { stopProcess } from './engines/spawn-process.ts'

export type NodeProgram = {
  readonly name: string
  readonly module: URL
  readonly env: NodeJS.ProcessEnv
  readonly logFile: string
  /** How long an orderly stop may take before SIGKILL, in milliseconds. */
  readonly patience: number
  readonly onSpawn?: (process: Process) => void
}

const Ready = t.type({ type: t.literal('ready') })
const READY_WITHIN_MS = 120_000

const outcome = (child: ChildProcess, exited: Promise<Exit>): Promise<'ready' | 'ended' | 'late'> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => resolve('late'), READY_WITHIN_MS)
    void exited.then(() => resolve('ended')).finally(() => clearTimeout(timer))
    child.on('message', (message) => {
      if (!Ready.is(message)) return
      clearTimeout(timer)
      resolve('ready')
    })
  })

/**
 * Runs a module as a Node process with an IPC channel; resolves when it has sent `{type: 'ready'}`. Rejects with `EngineFault`,
 * naming the log file, when it ends before that, or does not become ready in time.
 */
export const startNodeProcess = async (program: NodeProgram): Promise<Process> => {
  const log = openSync(program.logFile, 'a')
  const child = fork(program.module, [], {
    env: { ...process.env, ...program.env },
    // Requests leave little behind that lives long: a small young generation halves the memory at the same speed.
    execArgv: ['--max-semi-space-size=16'],
    stdio: ['ignore', log, log, 'ipc'],
  })
  closeSync(log)
  child.on('error', () => undefined)
  const exited = new Promise<Exit>((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })))
  const started: Process = {
    name: program.name,
    pid: child.pid ?? 0,
    stopSignal: 'SIGTERM',
    exited,
    stop: () => stopProcess(child, exited, 'SIGTERM', program.patience),
  }
  program.onSpawn?.(started)
  const became = await outcome(child, exited)
  if (became === 'ready') return started
  await started.stop()
  const how = became === 'ended' ? 'ended while starting' : `was not ready after ${READY_WITHIN_MS / 1000} s`
  throw new EngineFault(`${program.name} ${how}; its log is ${program.logFile}`, became === 'ended')
}
