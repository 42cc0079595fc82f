import { setTimeout as sleep } from 'node:timers/promises'
import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { backOff } from '../../../infra/back-off.ts'
import { dynamoDbClient } from '../../../infra/dynamodb-client.ts'
import { dynamoEventStore } from '../../../infra/event-store/dynamo.ts'
import { dynamoTimeIndex } from '../../../infra/event-store/dynamo-time-index.ts'
import { type Commit, EventStoreFault } from '../../../infra/event-store/port.ts'
import { createTable, eventTableDefinition } from '../../../infra/event-store/table.ts'
import type { TimeBounds } from '../../../infra/event-store/time-bounds.ts'
import { draftOf } from '../../contracts/event-store.ts'
import { dynamodbEndpoints, freshName } from '../../engines/engines.ts'
import { answersTooLate, breaksAfter, breaksBefore, clientThrough, neverArrives, type Passage } from './network.ts'
import { stampAt } from './stamp.ts'

/** Wide enough for a busy machine: what a bound promises must hold here, too. */
const BOUNDS: TimeBounds = { clockSkew: 400, stampLife: 1_500, straggling: 2_000, indexing: 0 }
const endpoint = dynamodbEndpoints().dynoxide
const table = freshName('events')
const streamOf = (id: string) => ({ tenant: 'acme', type: 'order', id })

/** Takes most of what a stamp lives to get there. */
const arrivesLate: Passage = async (pass) => {
  await sleep(0.6 * BOUNDS.stampLife)
  return pass()
}

/** Every so many requests something goes wrong; the engine does its part all the same, or never hears of it. */
const passagesOf = (writer: number): ReadonlyArray<Passage> =>
  Array.from({ length: 100 }, (_, sending) => {
    const nth = sending + writer * 5
    if (nth % 31 === 20) return answersTooLate
    if (nth % 37 === 20) return neverArrives
    if (nth % 13 === 9) return arrivesLate
    if (nth % 7 === 3) return breaksAfter
    return nth % 11 === 5 ? breaksBefore : (pass) => pass()
  })

/** Writes to streams that others write to as well, each commit once it is acknowledged; again after a fault. */
const runWriter = async (writer: number, skew: number): Promise<ReadonlyArray<Commit>> => {
  const { client } = clientThrough(endpoint, passagesOf(writer))
  const store = dynamoEventStore({ client, table, bounds: BOUNDS, ...stampAt(() => new Date(Date.now() + skew)) })
  const acknowledged: Commit[] = []
  for (let done = 0; done < 12; done += 1) {
    const commandId = `w${writer}-${done}`
    let position = store.emptyStream(streamOf(done % 4 === 0 ? `${writer}-${done}` : `shared ${done % 4}`))
    for (let settled = false; !settled; ) {
      const appended = await store.append(position, draftOf(commandId, done)).catch((error: unknown) => {
        if (error instanceof EventStoreFault) return undefined
        throw error
      })
      if (appended === undefined) continue
      if (E.isRight(appended)) {
        acknowledged.push(appended.right.commit)
        settled = true
      } else if (appended.left._tag === 'Conflict') {
        const { commit, position: behind } = appended.left.winner
        position = behind
        if (commit.commandId !== commandId) continue
        acknowledged.push(commit)
        settled = true
      }
    }
  }
  return acknowledged
}

/** Reads in many runs, some cut short, each behind the last commit of the one before, until all before `end` is read. */
const runReader = async (end: () => number): Promise<ReadonlyArray<Commit>> => {
  const clock = () => new Date(Date.now() + BOUNDS.clockSkew)
  const index = dynamoTimeIndex({
    client: dynamoDbClient(endpoint),
    table,
    bounds: BOUNDS,
    clock,
    backOff,
    pageSize: 3,
  })
  const read: Commit[] = []
  const begin = Date.now() - 60_000
  for (let run = 0; ; run += 1) {
    const after = read.at(-1)?.commitId
    const range = { tenant: 'acme', from: new Date(begin), to: new Date(begin + 86_400_000) }
    const reading = index.commits(after === undefined ? range : { ...range, after })
    const complete = reading.completeTo.getTime() > end()
    let taken = 0
    for await (const commit of reading) {
      read.push(commit)
      taken += 1
      if (!complete && run % 3 === 0 && taken === 5) break
    }
    if (complete) return read
    await sleep(20)
  }
}

test('while writers with clocks at odds write over a bad network, a reader at the horizon sees every commit once and in order', {
  timeout: 120_000,
}, async () => {
  await createTable(dynamoDbClient(endpoint), eventTableDefinition(table))
  let end = Number.POSITIVE_INFINITY
  const reading = runReader(() => end)
  const skews = [-BOUNDS.clockSkew, BOUNDS.clockSkew, -150, 0]
  const acknowledged = (await Promise.all(skews.map((skew, writer) => runWriter(writer, skew)))).flat()
  end = Math.max(...acknowledged.map(({ time }) => Date.parse(time)))
  const read = await reading
  const ids = acknowledged.map(({ commitId }) => commitId)
  expect(ids).toHaveLength(skews.length * 12)
  expect(read.map(({ commitId }) => commitId)).toEqual(ids.toSorted())
})
