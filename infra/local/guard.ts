import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { EngineFault, type Process } from './engines/engine.ts'

const GUARDIAN = fileURLToPath(new URL('./guardian.ts', import.meta.url))

/** The supervisor's side of the guardian process, which ends what the supervisor cannot end any more. */
export type Guard = {
  readonly pid: number
  /** Watches a process until it exits. */
  readonly watch: (process: Process) => void
  /** A directory to remove when everything has ended. */
  readonly removeInTheEnd: (dir: string) => void
  /** Tells that no more is to come: the guardian ends what is left, and itself. Resolves when it is gone. */
  readonly finish: () => Promise<void>
}

const isWatching = (child: ChildProcess): Promise<boolean> =>
  Promise.race([
    once(child, 'exit').then(() => false),
    child.stdout === null ? false : once(child.stdout, 'data').then(() => true),
  ])

/**
 * Starts the guardian. It first waits until the processes of an earlier instance on the same `guardFile` are gone; rejects
 * with `EngineFault` when they stay.
 */
export const startGuard = async (guardFile: string, logFile: string): Promise<Guard> => {
  const log = openSync(logFile, 'a')
  const child = spawn(process.execPath, [GUARDIAN, guardFile], { stdio: ['pipe', 'pipe', log] })
  closeSync(log)
  if (!(await isWatching(child))) throw new EngineFault(`the guardian did not start; its log is ${logFile}`)
  // A guardian that was killed must not take the supervisor along by a broken pipe.
  child.stdin?.on('error', () => undefined)
  const tell = (line: string): void => {
    child.stdin?.write(`${line}\n`)
  }
  return {
    pid: child.pid ?? 0,
    watch: ({ pid, stopSignal, exited }) => {
      tell(`+ ${pid} ${stopSignal}`)
      void exited.then(() => tell(`- ${pid}`))
    },
    removeInTheEnd: (dir) => tell(`remove ${dir}`),
    finish: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.stdin?.end()
      await gone
    },
  }
}
