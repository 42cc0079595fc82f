import type { Process } from './engines/engine.ts'
import type { Guard } from './guard.ts'

/** Every process that runs, ready or not, so that none outlives the supervisor. */
export type Running = {
  readonly add: (process: Process) => void
  /** Ends all of them at once, in good order, and whatever is still added from now on. */
  readonly stopAll: () => Promise<void>
  /** Ends all of them now. */
  readonly killAll: () => void
}

const kill = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended by itself a moment ago.
  }
}

export const trackRunning = (guard: Pick<Guard, 'watch'>): Running => {
  const running = new Set<Process>()
  let closed = false
  return {
    add: (process) => {
      running.add(process)
      guard.watch(process)
      void process.exited.then(() => running.delete(process))
      if (closed) void process.stop()
    },
    stopAll: async () => {
      closed = true
      while (running.size > 0) await Promise.all([...running].map((process) => process.stop()))
    },
    killAll: () => {
      for (const { pid } of running) kill(pid)
    },
  }
}
