import { setTimeout as delay } from 'node:timers/promises'
import { EngineFault, type Exit, type Process } from './engines/engine.ts'

/** A process that is started again whenever it ends by itself. */
export type Kept<P extends Process> = {
  /** The process as it first started. Restarts keep its address. */
  readonly first: P
  /** Ends the one that runs now and, unless `stopping`, starts it anew without counting that as a death. */
  readonly restart: () => Promise<void>
  readonly stop: () => Promise<void>
}

export type KeepOptions<P extends Process> = {
  readonly name: string
  /** Starts it; given the first one for a restart, which must be reachable where that one was. */
  readonly start: (first: P | null) => Promise<P>
  /** Once aborted nothing is started again. */
  readonly stopping: AbortSignal
  /** One line for the user. */
  readonly report: (line: string) => void
  readonly onRestarted?: (() => void) | undefined
  /** It died too often. */
  readonly onGivenUp: (fault: EngineFault) => void
}

const WINDOW_MS = 120_000
/** In the window. Another part that starts again, like OpenSearch, may take half a minute: until then this one waits for it. */
const MOST_DEATHS = 8
/** Whoever waits for a first start learns sooner that it fails. */
const MOST_DEATHS_AT_FIRST = 4
const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 8_000

const howItEnded = (name: string, { code, signal }: Exit): string =>
  `${name} ended unexpectedly (${signal ?? `exit code ${code}`})`

/** Tries until it runs, ever later; rejects with the last fault after too many, or when `stopping` aborts. */
const reviver = <P extends Process>({ start, stopping, report }: KeepOptions<P>) => {
  let deaths: ReadonlyArray<number> = []
  const revive = async (death: EngineFault | null, first: P | null): Promise<P> => {
    if (death !== null) {
      deaths = [...deaths.filter((at) => at > Date.now() - WINDOW_MS), Date.now()]
      const most = first === null ? MOST_DEATHS_AT_FIRST : MOST_DEATHS
      if (deaths.length >= most || !death.mayPass) throw death
      const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (deaths.length - 1))
      await delay(pause, undefined, { signal: stopping })
      report(`${death.message}; starting it again`)
    }
    try {
      return await start(first)
    } catch (error) {
      if (error instanceof EngineFault) return revive(error, first)
      throw error
    }
  }
  return revive
}

/**
 * Starts a process and keeps it running: after a death it starts again, ever later, and gives up at the eighth within two
 * minutes. Rejects with the `EngineFault` of a first start that does not succeed.
 */
export const keepRunning = async <P extends Process>(options: KeepOptions<P>): Promise<Kept<P>> => {
  const revive = reviver(options)
  const first = await revive(null, null)
  let current = first
  let restarting = false
  const watch = async (): Promise<void> => {
    for (;;) {
      const exit = await current.exited
      if (options.stopping.aborted) return
      const death = restarting ? null : new EngineFault(howItEnded(options.name, exit), true)
      restarting = false
      current = await revive(death, first)
      options.onRestarted?.()
    }
  }
  watch().catch((error: unknown) => {
    if (options.stopping.aborted) return
    options.onGivenUp(error instanceof EngineFault ? error : new EngineFault(`${options.name}: ${error}`))
  })
  return {
    first,
    restart: () => {
      restarting = true
      return current.stop()
    },
    stop: () => current.stop(),
  }
}
