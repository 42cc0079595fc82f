import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { EngineFault, type Exit, type Process } from './engine.ts'

export type Command = {
  readonly name: string
  readonly file: string
  readonly args: ReadonlyArray<string>
  readonly logFile: string
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  readonly uid?: number
  readonly gid?: number
  readonly stopSignal?: NodeJS.Signals
  /** How long an orderly stop may take before SIGKILL, in milliseconds. */
  readonly patience?: number
  readonly onSpawn?: ((process: Process) => void) | undefined
}

const DEFAULT_PATIENCE = 2_500

const exitOf = (child: ChildProcess): Promise<Exit> =>
  new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })))

const spawned = (child: ChildProcess, command: Command): Promise<number> =>
  new Promise((resolve, reject) => {
    child.once('spawn', () => resolve(child.pid ?? 0))
    child.once('error', (error) => reject(new EngineFault(`${command.name} cannot be run: ${error.message}`)))
  })

/** Sends the stop signal, then SIGKILL when patience ends; resolves at the exit. */
export const stopProcess = async (
  child: ChildProcess,
  exited: Promise<Exit>,
  signal: NodeJS.Signals,
  patience: number,
): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill(signal)
  const timer = setTimeout(() => child.kill('SIGKILL'), patience)
  await exited
  clearTimeout(timer)
}

/**
 * Starts a process in our process group (a SIGKILL to the group reaches it), its output appended to the log file.
 * Rejects with `EngineFault` when the file cannot be executed.
 */
export const spawnProcess = async (command: Command): Promise<Process> => {
  mkdirSync(dirname(command.logFile), { recursive: true })
  const log = openSync(command.logFile, 'a')
  const child = spawn(command.file, command.args, {
    cwd: command.cwd,
    env: command.env ?? process.env,
    stdio: ['ignore', log, log],
    ...(command.uid === undefined ? {} : { uid: command.uid }),
    ...(command.gid === undefined ? {} : { gid: command.gid }),
  })
  closeSync(log)
  const exited = exitOf(child)
  const pid = await spawned(child, command)
  const stopSignal = command.stopSignal ?? 'SIGTERM'
  const started: Process = {
    name: command.name,
    pid,
    stopSignal,
    exited,
    stop: () => stopProcess(child, exited, stopSignal, command.patience ?? DEFAULT_PATIENCE),
  }
  command.onSpawn?.(started)
  return started
}
