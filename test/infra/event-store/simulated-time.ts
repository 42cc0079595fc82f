/** A time of the test's own, in milliseconds, in which nothing lasts but what is slept. */
export type SimulatedTime = {
  readonly now: () => number
  readonly sleep: (ms: number) => Promise<void>
  /** Lets time pass until nobody sleeps any more. */
  readonly run: () => Promise<void>
}

type Sleeper = { readonly until: number; readonly wake: () => void }

export const simulatedTime = (start: number): SimulatedTime => {
  let now = start
  let sleepers: ReadonlyArray<Sleeper> = []
  /** Until every promise that can go on without time passing has gone on. */
  const settle = () => new Promise((resume) => setImmediate(resume))
  return {
    now: () => now,
    sleep: (ms) =>
      new Promise((wake) => {
        sleepers = [...sleepers, { until: now + ms, wake }]
      }),
    run: async () => {
      for (await settle(); sleepers.length > 0; await settle()) {
        const next = sleepers.reduce((first, other) => (other.until < first.until ? other : first))
        sleepers = sleepers.filter((sleeper) => sleeper !== next)
        now = next.until
        next.wake()
      }
    },
  }
}
