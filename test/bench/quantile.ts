/** The smallest value that at least this part (0 to 1) of them does not exceed (nearest rank). Throws on none. */
export const quantile = (values: ReadonlyArray<number>, part: number): number => {
  const sorted = values.toSorted((one, other) => one - other)
  const value = sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)]
  if (value === undefined) throw new RangeError('there are no values')
  return value
}

/** The value in the middle of an odd number of values. */
export const median = (values: ReadonlyArray<number>): number => quantile(values, 0.5)
