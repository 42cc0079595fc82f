import { setTimeout as delay } from 'node:timers/promises'
import { EngineFault, type Exit, type Process } from './engines/engine.ts'

/** A process that is started again whenever it ends by itself. */
export type Kept<P extends Process> = {
  /** The process as it first started. Restarts keep its address. */
  readonly first: P
  /** Ends it and starts it anew, in good order. */
  readonly restart: () => Promise<void>
  /** Ends it for good. */
  readonly stop: () => Promise<void>
}

export type KeepOptions<P extends Process> = {
  readonly name: string
  readonly logFile: string
  /** Starts it; given the first one for a restart, which must be reachable where that one was. */
  readonly start: (first: P | null) => Promise<P>
  /** One line for the user. */
  readonly report: (line: string) => void
  readonly onRestarted?: () => void
  /** It died too often. */
  readonly onGivenUp: (fault: EngineFault) => void
  /** The first pause before a restart, in milliseconds; each one that follows within a minute is twice as long. */
  readonly firstPauseMs?: number
}

const MINUTE = 60_000
const MOST_DEATHS = 5
const FIRST_PAUSE_MS = 250

const howItEnded = ({ code, signal }: Exit): string => (signal === null ? `exit code ${code}` : signal)

/**
 * Starts a process and keeps it running: after a death it starts again, ever later; at the fifth within a minute it gives up.
 * Rejects with the `EngineFault` of the first start.
 */
export const keepRunning = async <P extends Process>(options: KeepOptions<P>): Promise<Kept<P>> => {
  const { name, logFile, report, firstPauseMs = FIRST_PAUSE_MS } = options
  const first = await options.start(null)
  const stopping = new AbortController()
  let current: P = first
  let deaths: ReadonlyArray<number> = []
  let expected = false

  const revive = async (why: string): Promise<void> => {
    deaths = [...deaths.filter((at) => at > Date.now() - MINUTE), Date.now()]
    if (deaths.length >= MOST_DEATHS) {
      throw new EngineFault(`${name} ended ${deaths.length} times within a minute (${why}); its log is ${logFile}`)
    }
    await delay(firstPauseMs * 2 ** (deaths.length - 1), undefined, { signal: stopping.signal })
    report(`${name} ended unexpectedly (${why}); starting it again (log: ${logFile})`)
    await begin()
  }

  const begin = async (): Promise<void> => {
    try {
      current = await options.start(first)
    } catch (error) {
      if (!stopping.signal.aborted) await revive(error instanceof Error ? error.message : String(error))
      return
    }
    if (stopping.signal.aborted) return current.stop()
    options.onRestarted?.()
  }

  const watch = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const exit = await current.exited
      if (stopping.signal.aborted) return
      if (expected) {
        expected = false
        await begin()
      } else await revive(howItEnded(exit))
    }
  }

  const watching = watch().catch((error: unknown) => {
    if (stopping.signal.aborted) return
    options.onGivenUp(error instanceof EngineFault ? error : new EngineFault(`${name}: ${error}`))
  })
  return {
    first,
    restart: async () => {
      expected = true
      await current.stop()
    },
    stop: async () => {
      stopping.abort()
      await current.stop()
      await watching
    },
  }
}
