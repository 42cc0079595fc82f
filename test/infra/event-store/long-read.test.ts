import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import * as E from 'fp-ts/lib/Either.js'
import { beforeAll, expect, test } from 'vitest'
import { dynamoDbClient } from '../../../infra/dynamodb-client.ts'
import { dynamoEventStore } from '../../../infra/event-store/dynamo.ts'
import { lastVersion } from '../../../infra/event-store/port.ts'
import { createTable, eventTableDefinition } from '../../../infra/event-store/table.ts'
import { draftOf } from '../../contracts/event-store.ts'
import { dynamodbEndpoints, freshName } from '../../engines/engines.ts'
import { testStamp } from './stamp.ts'

const EVENTS = 100_000
const EVENTS_A_COMMIT = 100
const MiB = 1024 * 1024

const table = freshName('events')
const stream = { tenant: 'acme', type: 'stock', id: 'long' }

/** A client that counts its queries. */
const counting = () => {
  const client = dynamoDbClient(dynamodbEndpoints().dynoxide)
  let queries = 0
  client.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        if (commandName === 'QueryCommand') queries += 1
        return next(args)
      },
    { step: 'initialize' },
  )
  return { store: dynamoEventStore({ client, table, ...testStamp }), queries: () => queries }
}

/** Each event alone says which one it is; together they are some 30 MiB once they are parsed. */
const movement = (version: number) => ({
  version,
  reason: `counted by hand in aisle ${version % 50}`.padEnd(200, ' and again'),
})

beforeAll(async () => {
  await createTable(dynamoDbClient(dynamodbEndpoints().dynoxide), eventTableDefinition(table))
  const { store } = counting()
  let position = store.emptyStream(stream)
  while (position.version < EVENTS) {
    const { version } = position
    const data = Array.from({ length: EVENTS_A_COMMIT }, (_, i) => movement(version + i + 1))
    const appended = await store.append(position, draftOf(`c${version}`, ...data))
    if (E.isLeft(appended)) throw new Error(`not appended: ${appended.left._tag}`)
    position = appended.right.position
  }
})

/** Bytes in use once what nobody holds is gone. */
const heldBytes = (): number => {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect !== 'function') throw new Error('nothing collects garbage here')
  collect()
  return process.memoryUsage().heapUsed
}

test('a stream of 100,000 events is read whole, in the memory that a page of it takes', async () => {
  const { store, queries } = counting()
  const before = heldBytes()
  let [read, most] = [0, 0]
  for await (const { commit } of store.read(stream)) {
    expect(commit.version).toBe(read + 1)
    expect(commit.events.at(-1)?.data).toEqual(movement(lastVersion(commit)))
    read = lastVersion(commit)
    if (read % 10_000 === 0) most = Math.max(most, heldBytes() - before)
  }
  expect(read).toBe(EVENTS)
  expect(queries()).toBeGreaterThan(1)
  expect(most).toBeLessThan(8 * MiB)
})

test('who stops reading a long stream stops asking for it', async () => {
  const { store, queries } = counting()
  for await (const { commit } of store.read(stream, { after: 50_000 })) {
    expect(commit.version).toBe(50_001)
    break
  }
  expect(queries()).toBe(1)
})
