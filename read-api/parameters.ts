import * as E from 'fp-ts/lib/Either.js'
import { type Problem, problem } from '../schemas/problem.ts'
import { DescribedType } from '../schemas/text.ts'
import { Day, Instant } from '../schemas/time.ts'

/** Rows a page when the caller does not say. */
export const DEFAULT_LIMIT = 100
const MAX_LIMIT = 1_000

const wholeNumber = (input: unknown): number | undefined =>
  (typeof input === 'string' && /^\d{1,15}$/.test(input)) || typeof input === 'number' ? Number(input) : undefined

/** `limit` of a page: 1 to 1,000, spelt in the query string. */
export const Limit = new DescribedType<number>(
  'Limit',
  { type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT },
  (input) => {
    const limit = wholeNumber(input)
    return limit !== undefined && limit >= 1 && limit <= MAX_LIMIT ? limit : undefined
  },
  `must be a whole number from 1 to ${MAX_LIMIT}`,
)

const dayOrTime = (
  name: string,
  description: string,
  ofDay: (day: string) => string,
  ofTime: (time: string) => string,
): DescribedType<string> =>
  new DescribedType(
    name,
    { type: 'string', anyOf: [{ format: 'date' }, { format: 'date-time' }], description },
    (input) => {
      const day = Day.decode(input)
      if (E.isRight(day)) return ofDay(day.right)
      const time = Instant.decode(input)
      return E.isRight(time) ? ofTime(time.right) : undefined
    },
    'must be a day, like "2011-06-30", or an RFC 3339 time',
  )

const same = (text: string): string => text

/** The first moment of a period. Stored times have milliseconds, so both ends can be inclusive. */
export const PeriodStart = dayOrTime(
  'PeriodStart',
  'Inclusive: a day (from its first moment, UTC) or an RFC 3339 time.',
  (day) => `${day}T00:00:00.000Z`,
  same,
)

/** The last moment of a period. */
export const PeriodEnd = dayOrTime(
  'PeriodEnd',
  'Inclusive: a day (to its last moment, UTC) or an RFC 3339 time.',
  (day) => `${day}T23:59:59.999Z`,
  same,
)

/** A business day; of a time, its day in UTC. */
export const BusinessDay = dayOrTime(
  'BusinessDay',
  'Inclusive: a day; an RFC 3339 time stands for its day in UTC.',
  same,
  (time) => time.slice(0, 10),
)

type Period = { readonly from?: string | undefined; readonly to?: string | undefined }

/** Left 400 when the period ends before it starts. */
export const checkPeriod = ({ from, to }: Period): E.Either<Problem, void> =>
  from !== undefined && to !== undefined && from > to
    ? E.left(
        problem(400, 'invalid_parameters', 'The path or the query string is not valid', {
          errors: [{ pointer: '/query/to', message: 'must not be before "from"' }],
        }),
      )
    : E.right(undefined)

/** Either a stream's version or a moment. */
export type AsOf =
  | { readonly _tag: 'Version'; readonly version: number }
  | { readonly _tag: 'Time'; readonly time: string }

const asOf = (input: unknown): AsOf | undefined => {
  const version = wholeNumber(input)
  if (version !== undefined) return { _tag: 'Version', version }
  const time = Instant.decode(input)
  return E.isRight(time) ? { _tag: 'Time', time: time.right } : undefined
}

export const AsOf = new DescribedType<AsOf>(
  'AsOf',
  {
    anyOf: [
      { type: 'integer', minimum: 0 },
      { type: 'string', format: 'date-time' },
    ],
    description: 'A version, or an RFC 3339 time of commit; inclusive. What lies ahead answers the newest state.',
  },
  asOf,
  'must be a version or an RFC 3339 time',
)
