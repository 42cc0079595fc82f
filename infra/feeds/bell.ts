/** A wait that can be cut short. A ring while nobody waits ends the next wait at once, so that none is lost. */
export type Bell = {
  readonly ring: () => void
  /** Resolves after `ms` milliseconds, on a ring, or when `signal` aborts; tells whether it was rung. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<boolean>
}

export const bell = (): Bell => {
  let rung = false
  let end: (() => void) | null = null
  const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', finish)
        end = null
        resolve()
      }
      const timer = setTimeout(finish, ms)
      signal.addEventListener('abort', finish)
      end = finish
    })
  return {
    ring: () => {
      rung = true
      end?.()
    },
    wait: async (ms, signal) => {
      if (!rung && !signal.aborted) await sleep(ms, signal)
      const wasRung = rung
      rung = false
      return wasRung
    },
  }
}

/** Resolves after `ms` milliseconds, or at once when `signal` aborts. */
export const pause = async (ms: number, signal: AbortSignal): Promise<void> => {
  await bell().wait(ms, signal)
}

export type Backoff = { readonly initialMs: number; readonly maximumMs: number }

/** Milliseconds to wait after failure number `failures` (from 1): doubling up to the maximum. */
export const delayOf = (backoff: Backoff, failures: number): number =>
  Math.min(backoff.maximumMs, backoff.initialMs * 2 ** Math.min(failures - 1, 30))
