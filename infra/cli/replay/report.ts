import type { AsOf } from '../../rebuild/as-of.ts'
import type { Rebuilt } from '../../rebuild/terms.ts'

const rowsIn = (rows: Rebuilt['rows']): string =>
  Object.entries(rows)
    .map(([table, count]) => `${count} ${table}`)
    .join(', ')

const speed = (events: number, seconds: number): string =>
  `${seconds.toFixed(1)} s, ${Math.round(events / Math.max(seconds, 0.001))} events/s`

/** Milliseconds with one decimal are precise enough for a person. */
const milliseconds = (duration: number): string => `${duration.toFixed(1)} ms`

export const inWords = (done: Rebuilt, seconds: number): string =>
  `${done.projection} version ${done.version} serves: ${done.events} events of ${done.streams} streams (${rowsIn(done.rows)}) in ${speed(done.events, seconds)}; ${done.caughtUp} streams caught up, locks held for ${milliseconds(done.lockedMs)}\n`

export const asOfInWords = (built: AsOf, seconds: number): string =>
  `${built.projection} stands in schema ${built.schema}: ${built.events} events of ${built.streams} streams (${rowsIn(built.rows)}) in ${speed(built.events, seconds)}${built.parked > 0 ? `; ${built.parked} streams could not be applied (see its parked_streams)` : ''}\n`
