import { Instant } from '../../../schemas/time.ts'

/** How a file writes dates like 12/1/2010, if it has any and if it can be told. */
export type SlashOrder = 'month-first' | 'day-first' | 'unknown'

const PLAIN = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2})(:\d{2}(?:\.\d{1,9})?)?$/
const SLASHED = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d{2})(?::(\d{2}))?$/

const two = (digits: string): string => digits.padStart(2, '0')

/** What one date proves: 13 or more can only be a day. `null`: it is not written with slashes. */
export const slashOrderOf = (text: string): SlashOrder | null => {
  const [, first, second] = SLASHED.exec(text) ?? []
  if (first === undefined || second === undefined) return null
  if (Number(first) > 12) return 'day-first'
  return Number(second) > 12 ? 'month-first' : 'unknown'
}

const rfc3339 = (text: string, order: SlashOrder): string => {
  const plain = PLAIN.exec(text)
  if (plain !== null) return `${plain[1]}T${plain[2]}${plain[3] ?? ':00'}Z`
  const [, first = '', second = '', year, hour = '', minute, seconds = '00'] = SLASHED.exec(text) ?? []
  if (year === undefined || order === 'unknown') return text
  const [month, day] = order === 'month-first' ? [first, second] : [second, first]
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${minute}:${seconds}Z`
}

/**
 * `2010-12-01 08:26[:00]` (UTC), RFC 3339, or `12/1/2010 8:26` when the order of day and month is known; as UTC with
 * milliseconds. `undefined`: not a time.
 */
export const parseInstant = (text: string, order: SlashOrder): string | undefined => {
  const decoded = Instant.decode(rfc3339(text, order))
  return decoded._tag === 'Right' ? decoded.right : undefined
}
