/** How much of what: `writeUnits/events`, `requests/PutItem`, `cpuMs` and so on. */
export type Counts = { readonly [what: string]: number }

export type Tally = {
  readonly count: (what: string, by?: number) => void
  /** What was counted since the last time. */
  readonly taken: () => Counts
}

export const newTally = (): Tally => {
  let counts: { [what: string]: number } = {}
  return {
    count: (what, by = 1) => {
      counts[what] = (counts[what] ?? 0) + by
    },
    taken: () => {
      const taken = counts
      counts = {}
      return taken
    },
  }
}

/** Both together. */
export const plus = (one: Counts, other: Counts): Counts => {
  const sums: { [what: string]: number } = { ...one }
  for (const [what, by] of Object.entries(other)) sums[what] = (sums[what] ?? 0) + by
  return sums
}

/** What the first has more than the other. */
export const minus = (one: Counts, other: Counts): Counts =>
  Object.fromEntries(Object.entries(one).map(([what, by]) => [what, by - (other[what] ?? 0)]))

/** Of all that begins with `prefix`. */
export const totalOf = (counts: Counts, prefix: string): number =>
  Object.entries(counts).reduce((sum, [what, by]) => (what.startsWith(prefix) ? sum + by : sum), 0)

/** Of one: so much of each, of `counts[of]` that there were. */
export const each = (counts: Counts, of: string): Counts =>
  Object.fromEntries(Object.entries(counts).map(([what, by]) => [what, by / (counts[of] ?? 1)]))
