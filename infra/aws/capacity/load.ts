/** What a stage is made for. A transaction is a command that writes a commit, such as an order. */
export type Load = {
  readonly transactionsADay: number
  /** They are not spread evenly: the busiest second has this many times the day's average. */
  readonly peakFactor: number
}

const SECONDS_A_DAY = 86_400

/** A second, of transactions. */
export const averageOf = ({ transactionsADay }: Load): number => transactionsADay / SECONDS_A_DAY
export const peakOf = (load: Load): number => averageOf(load) * load.peakFactor

/**
 * How much of anything is used in the busiest second: the rest is for what was not foreseen, and for catching up with what waited while
 * something was away.
 */
export const UTILISATION = 0.6
