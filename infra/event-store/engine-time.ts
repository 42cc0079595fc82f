import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb'
import { kindOf } from './dynamo-fault.ts'
import { EVENT_TABLE } from './keys.ts'
import { ClockFault, EventStoreFault } from './port.ts'
import { AWS_BOUNDS, type TimeBounds } from './time-bounds.ts'

/** The `Date` header (RFC 9110 section 6.6.1) is cut to whole seconds. */
const RESOLUTION_MS = 1_000

/** A slower answer tells too little about when the engine wrote its date. */
const QUICK_MS = 2_000

/** What we can tell of the engine's clock at best. */
const PRECISION_MS = RESOLUTION_MS + QUICK_MS

/** Questions before a clock is given up: an answer may have been too slow. */
const ASKS = 3

/** Times of this process's counter, in milliseconds, and the engine's date between them; NaN from an engine that tells none. */
type Heard = { readonly sent: number; readonly received: number; readonly date: number }

const dateIn = (response: unknown): number => {
  if (typeof response !== 'object' || response === null || !('headers' in response)) return Number.NaN
  const { headers } = response
  if (typeof headers !== 'object' || headers === null) return Number.NaN
  return 'date' in headers && typeof headers.date === 'string' ? Date.parse(headers.date) : Number.NaN
}

const listeners = new WeakMap<DynamoDBClient, () => Heard | undefined>()

/** The last quick answer that this client had, of whatever request. */
const lastHeard = (client: DynamoDBClient): (() => Heard | undefined) => {
  const known = listeners.get(client)
  if (known !== undefined) return known
  let last: Heard | undefined
  client.middlewareStack.add(
    (next) => async (args) => {
      const sent = performance.now()
      const answer = await next(args)
      const received = performance.now()
      if (received - sent <= QUICK_MS) last = { sent, received, date: dateIn(answer.response) }
      return answer
    },
    { step: 'deserialize', priority: 'low', name: 'engineTime' },
  )
  const listener = () => last
  listeners.set(client, listener)
  return listener
}

/** How far the clock is ahead of the engine's at least and at most, in milliseconds; negative: behind. */
const aheadBy = (clock: () => Date, heard: Heard): { readonly least: number; readonly most: number } => {
  if (Number.isNaN(heard.date)) return { least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY }
  const now = performance.now()
  const read = clock().getTime()
  return {
    least: read - (heard.date + RESOLUTION_MS + (now - heard.sent)),
    most: read - (heard.date + (now - heard.received)),
  }
}

const disagreement = (clock: () => Date, heard: Heard | undefined, tolerated: number): string | undefined => {
  if (heard === undefined) return 'this clock could not be compared with that of the database'
  const { least, most } = aheadBy(clock, heard)
  if (least > tolerated) return `this clock is ${Math.round(least)} ms or more ahead of that of the database`
  if (most < -tolerated) return `this clock is ${Math.round(-most)} ms or more behind that of the database`
  return undefined
}

/** `inStep` rejects with `ClockFault` when the clock cannot be relied on. */
export type ClockCheck = { readonly inStep: () => Promise<void> }

/** Asks for commits of a stream that cannot be: half a read unit, and the answer is dated. */
const ask = async (client: DynamoDBClient, table: string): Promise<void> => {
  const nothing = new QueryCommand({
    TableName: table,
    KeyConditionExpression: '#pk = :none',
    ExpressionAttributeNames: { '#pk': EVENT_TABLE.partitionKey },
    ExpressionAttributeValues: { ':none': { S: '#' } },
  })
  try {
    await client.send(nothing)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : cause
    throw new EventStoreFault(`the database did not tell its time: ${why}`, kindOf(cause), { cause })
  }
}

export type ClockCheckOptions = {
  readonly client: DynamoDBClient
  readonly table: string
  readonly clock: () => Date
  readonly bounds?: TimeBounds
}

/**
 * Holds a clock against the engine's, which dates every answer: a clock that is further off than `bounds.clockSkew` is always
 * refused, one within it less 3 s never. A skew under 3 s cannot be told and is not looked at. The engine is asked when
 * nothing was heard yet, and before a refusal, because this process may have been suspended since.
 */
export const clockCheck = ({ client, table, clock, bounds = AWS_BOUNDS }: ClockCheckOptions): ClockCheck => {
  const tolerated = bounds.clockSkew - PRECISION_MS
  if (tolerated < 0) return { inStep: async () => {} }
  const heard = lastHeard(client)
  return {
    inStep: async () => {
      let reason = disagreement(clock, heard(), tolerated)
      for (let asked = 0; reason !== undefined && asked < ASKS; asked += 1) {
        await ask(client, table)
        reason = disagreement(clock, heard(), tolerated)
      }
      if (reason !== undefined) throw new ClockFault(reason)
    },
  }
}
