/** How long a run goes on without the server getting anything done. All times in milliseconds. */
export type Patience = {
  /** Something was done: the wait starts anew. */
  readonly progress: () => void
  /** The server asked for this pause: waiting for it does not exhaust the patience. */
  readonly grant: (pause: number) => void
  readonly isExhausted: () => boolean
}

export const LONGEST_PAUSE_MS = 120_000

export const patience = (limit: number, clock: () => number): Patience => {
  let since = clock()
  let granted = 0
  return {
    progress: () => {
      since = clock()
      granted = 0
    },
    grant: (pause) => {
      granted = Math.max(granted, pause)
    },
    isExhausted: () => clock() - since > limit + granted,
  }
}
