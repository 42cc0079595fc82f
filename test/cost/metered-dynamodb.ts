import * as t from 'io-ts'
import { type StandIn, standIn } from '../aws/stand-in.ts'
import type { Tally } from './tally.ts'

const Consumed = t.type({ TableName: t.string, CapacityUnits: t.number })
const Answered = t.partial({ ConsumedCapacity: t.union([Consumed, t.array(Consumed)]) })

const WRITES = /^(?:Put|Update|Delete|BatchWrite|TransactWrite)/

/** Tables of a deployment in tests are called `lambda-<id>-<name>` (test/aws/deployment.ts). */
const nameOf = (table: string): string => table.split('-').slice(2).join('-')

/** Of the connection, and of the text that is sent anew. */
const NOT_PASSED_ON = new Set(['host', 'connection', 'content-length'])

/**
 * A DynamoDB in front of another one that has every answer tell its capacity: it counts requests by operation (`requests/PutItem`), and units
 * by table as the engine reports them, indexes included (`writeUnits/events`, `readUnits/events`). What goes through it is not to be timed.
 */
export const meteredDynamodb = (target: string, { count }: Tally): Promise<StandIn> =>
  standIn(async ({ method, headers, body }) => {
    const operation = String(headers['x-amz-target']).replace(/^.*\./, '')
    const passedOn = Object.entries(headers).flatMap(
      ([name, value]): ReadonlyArray<[string, string]> => (NOT_PASSED_ON.has(name) ? [] : [[name, String(value)]]),
    )
    const asking = JSON.stringify({ ...JSON.parse(body.toString('utf8')), ReturnConsumedCapacity: 'TOTAL' })
    const answer = await fetch(target, { method, headers: passedOn, body: asking })
    const text = await answer.text()
    const answered: unknown = JSON.parse(text)
    count(`requests/${operation}`)
    if (Answered.is(answered)) {
      for (const { TableName: table, CapacityUnits: units } of [answered.ConsumedCapacity ?? []].flat())
        count(`${WRITES.test(operation) ? 'writeUnits' : 'readUnits'}/${nameOf(table)}`, units)
    }
    return { status: answer.status, headers: { 'Content-Type': 'application/x-amz-json-1.0' }, body: text }
  })
