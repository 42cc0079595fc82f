import type * as t from 'io-ts'
import { choice } from './choice.ts'

/** SQL of a row's key in a report by days, ISO 8601 weeks or months, over rows that have a `day`. */
export const DAY_KEYS = {
  day: `to_char(day, 'YYYY-MM-DD')`,
  week: `to_char(day, 'IYYY-"W"IW')`,
  month: `to_char(day, 'YYYY-MM')`,
} as const

export const GroupByTime = choice('GroupByTime', ['day', 'week', 'month'])
export type GroupByTime = t.TypeOf<typeof GroupByTime>
