/** Longest window that can be asked for, in seconds. */
const KEPT_SECONDS = 60

/** Counts what is handled, to tell how fast. */
export type RateMeter = {
  readonly count: (records: number) => void
  /** Records a second over the last `seconds` whole seconds (at most 60); the second that is running does not count yet. */
  readonly perSecond: (seconds: number) => number
}

/** `clock`: epoch milliseconds. */
export const rateMeter = (clock: () => number): RateMeter => {
  const counts = new Map<number, number>()
  const thisSecond = (): number => Math.floor(clock() / 1_000)
  return {
    count: (records) => {
      const now = thisSecond()
      for (const second of counts.keys()) if (second < now - KEPT_SECONDS) counts.delete(second)
      counts.set(now, (counts.get(now) ?? 0) + records)
    },
    perSecond: (seconds) => {
      const now = thisSecond()
      let sum = 0
      for (const [second, records] of counts) if (second >= now - seconds && second < now) sum += records
      return sum / seconds
    },
  }
}
