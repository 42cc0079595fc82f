import { ListTablesCommand } from '@aws-sdk/client-dynamodb'
import * as E from 'fp-ts/lib/Either.js'
import { beforeAll, describe, expect, test } from 'vitest'
import { backOff } from '../../../infra/back-off.ts'
import { dynamoDbClient } from '../../../infra/dynamodb-client.ts'
import { dynamoEventStore } from '../../../infra/event-store/dynamo.ts'
import { dynamoTimeIndex } from '../../../infra/event-store/dynamo-time-index.ts'
import { ClockFault } from '../../../infra/event-store/port.ts'
import { createTable, eventTableDefinition } from '../../../infra/event-store/table.ts'
import { AWS_BOUNDS, LOCAL_BOUNDS } from '../../../infra/event-store/time-bounds.ts'
import { draftOf } from '../../contracts/event-store.ts'
import { dynamodbEndpoints, freshName } from '../../engines/engines.ts'
import { stampAt } from './stamp.ts'

const engines = Object.entries(dynamodbEndpoints()).filter((entry): entry is [string, string] => entry[1] !== null)
const HOUR = 3_600_000

describe.each(engines)('%s', (_, endpoint) => {
  const table = freshName('events')
  beforeAll(() => createTable(dynamoDbClient(endpoint), eventTableDefinition(table)))

  /** A process whose clock is off by so many milliseconds, and what it has sent. */
  const processOff = (off: number, bounds = AWS_BOUNDS) => {
    const client = dynamoDbClient(endpoint)
    const sent: string[] = []
    client.middlewareStack.add(
      (next, context) => (args) => {
        sent.push(context.commandName ?? '?')
        return next(args)
      },
      { step: 'initialize' },
    )
    const clock = () => new Date(Date.now() + off)
    return {
      client,
      sent,
      store: dynamoEventStore({ client, table, bounds, ...stampAt(clock) }),
      index: dynamoTimeIndex({ client, table, bounds, clock, backOff }),
    }
  }
  let streams = 0
  const freshStream = () => {
    streams += 1
    return { tenant: 'acme', type: 'order', id: `s${streams}` }
  }

  test.each([HOUR, -HOUR, 6_000, -6_000])('a writer whose clock is off by %i ms writes nothing', async (off) => {
    const { store, sent } = processOff(off)
    const stream = freshStream()
    await expect(store.append(store.emptyStream(stream), draftOf('c1', 1))).rejects.toThrow(ClockFault)
    expect(sent).not.toContain('PutItemCommand')
    expect(await Array.fromAsync(processOff(0).store.read(stream))).toEqual([])
  })

  test.each([0, 1_500, -1_500])(
    'a writer whose clock is off by %i ms writes, and asks for the time once',
    async (off) => {
      const { store, sent } = processOff(off)
      for (const command of ['c1', 'c2']) {
        const stream = freshStream()
        expect(E.isRight(await store.append(store.emptyStream(stream), draftOf(command, 1)))).toBe(true)
      }
      expect(sent).toEqual(['QueryCommand', 'PutItemCommand', 'PutItemCommand'])
    },
  )

  test('any earlier answer tells the time', async () => {
    const { client, store, sent } = processOff(0)
    await client.send(new ListTablesCommand({}))
    const stream = freshStream()
    await store.append(store.emptyStream(stream), draftOf('c1', 1))
    expect(sent).toEqual(['ListTablesCommand', 'PutItemCommand'])
  })

  test('on one machine, where a skew is too small to be told, nothing is asked', async () => {
    const { store, sent } = processOff(0, LOCAL_BOUNDS)
    const stream = freshStream()
    await store.append(store.emptyStream(stream), draftOf('c1', 1))
    expect(sent).toEqual(['PutItemCommand'])
  })

  test('a reader whose clock is ahead does not call anything complete', async () => {
    const range = { tenant: 'acme', from: new Date(Date.now() - 1_000), to: new Date(Date.now() + HOUR) }
    await expect(Array.fromAsync(processOff(HOUR).index.commits(range))).rejects.toThrow(ClockFault)
    expect(await Array.fromAsync(processOff(0).index.commits({ ...range, from: new Date(Date.now() - HOUR) }))).toEqual(
      [],
    )
  })
})
