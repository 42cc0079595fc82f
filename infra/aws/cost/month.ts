import type { Settings } from '../settings.ts'
import { type Dollars, perCommand } from './per-command.ts'
import { standing } from './standing.ts'

const DAYS_A_MONTH = 30

export const sumOf = (dollars: Dollars): number => Object.values(dollars).reduce((sum, item) => sum + item, 0)

/** What a month of a stage costs whose every day brings the load that it is made for. */
export const monthOf = (settings: Settings): number =>
  sumOf(standing(settings)) + sumOf(perCommand(settings)) * settings.transactionsADay * DAYS_A_MONTH

/** Dollars that a million commands have of what stands there anyway. */
export const standingPerMillion = (settings: Settings): number =>
  (sumOf(standing(settings)) * 1e6) / (settings.transactionsADay * DAYS_A_MONTH)
