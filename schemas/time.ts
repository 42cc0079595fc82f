import { DescribedType } from './text.ts'

const RFC3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt]([01]\d|2[0-3]):(\d{2}):(\d{2})(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})$/

const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate()

const CANONICAL =
  /^(?:19|[2-9]\d)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/

/** Whether this is the spelling that times decode to, which is what stored times have: no need to take it apart. */
const isCanonical = (input: unknown): input is string => {
  if (typeof input !== 'string' || !CANONICAL.test(input)) return false
  const day = Number(input.slice(8, 10))
  return day <= 28 || day <= daysIn(Number(input.slice(0, 4)), Number(input.slice(5, 7)))
}

const instant = (input: unknown): string | undefined => {
  if (isCanonical(input)) return input
  const parts = typeof input === 'string' ? RFC3339.exec(input) : null
  if (parts === null) return undefined
  const [year, month, day] = parts.slice(1, 4).map(Number)
  if (year === undefined || month === undefined || day === undefined || year < 1900) return undefined
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined
  const time = new Date(String(input).toUpperCase())
  return Number.isNaN(time.getTime()) || time.getUTCFullYear() > 9999 ? undefined : time.toISOString()
}

/** An RFC 3339 time of the years 1900 to 9999 (section 5.6). Decodes to UTC with milliseconds. */
export const Instant = new DescribedType<string>(
  'Instant',
  { type: 'string', format: 'date-time' },
  instant,
  'must be an RFC 3339 time, like "2011-06-30T20:08:00Z"',
)

/** A calendar day, `YYYY-MM-DD`. */
export const Day = new DescribedType<string>(
  'Day',
  { type: 'string', format: 'date' },
  (input) =>
    typeof input === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(input) && instant(`${input}T00:00:00Z`) !== undefined
      ? input
      : undefined,
  'must be a day, like "2011-06-30"',
)

/** A calendar month, `YYYY-MM`. */
export const Month = new DescribedType<string>(
  'Month',
  { type: 'string', pattern: '^[0-9]{4}-(0[1-9]|1[0-2])$' },
  (input) => (typeof input === 'string' && Day.is(`${input}-01`) ? input : undefined),
  'must be a month, like "2011-06"',
)
