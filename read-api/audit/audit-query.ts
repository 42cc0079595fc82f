import * as t from 'io-ts'
import type { Filter } from '../../infra/audit/export/filter.ts'
import { DescribedType, text } from '../../schemas/text.ts'
import { Instant } from '../../schemas/time.ts'

const DAY = /^\d{4}-\d\d-\d\d$/
const DAY_MS = 86_400_000

/** A time, or a day in UTC. Decodes to a time: that of the day's beginning, so many days later. */
const moment = (name: string, days: number): DescribedType<string> =>
  new DescribedType<string>(
    name,
    { type: 'string', description: 'A time (RFC 3339), or a day in UTC like 2026-03-01.' },
    (input) => {
      const isDay = typeof input === 'string' && DAY.test(input)
      const time = Instant.decode(isDay ? `${input}T00:00:00Z` : input)
      if (time._tag === 'Left') return undefined
      return isDay ? new Date(Date.parse(time.right) + days * DAY_MS).toISOString() : time.right
    },
    'must be a time like 2026-03-01T12:00:00Z or a day like 2026-03-01',
  )

/** From then on. */
export const From = moment('From', 0)
/** Until then; a day as a whole. */
export const To = moment('To', 1)

const STREAM = /^[a-z-]{1,40}\/[^#/]{1,64}$/
const Stream = new DescribedType<string>(
  'StreamFilter',
  { type: 'string', pattern: STREAM.source },
  (input) => (typeof input === 'string' && STREAM.test(input) ? input : undefined),
  'must name a stream as TYPE/ID, like order/536365',
)

/** What may be asked for of the trail, in a query string and in a body. */
export const ASKED = {
  from: From,
  to: To,
  actor: text(1, 128),
  stream: Stream,
  type: text(1, 64),
  correlation: text(1, 128),
} as const

const Asked = t.partial(ASKED)
export type Asked = t.TypeOf<typeof Asked>

export const filterOf = ({ actor, stream, type, correlation }: Asked): Filter => ({
  ...(actor !== undefined && { actor }),
  ...(stream !== undefined && { stream }),
  ...(type !== undefined && { type }),
  ...(correlation !== undefined && { correlation }),
})
