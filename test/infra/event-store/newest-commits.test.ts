import { BatchWriteItemCommand } from '@aws-sdk/client-dynamodb'
import { beforeAll, describe, expect, test } from 'vitest'
import { dynamoDbClient } from '../../../infra/dynamodb-client.ts'
import { type Sealed, seal } from '../../../infra/event-store/commit.ts'
import { itemOf } from '../../../infra/event-store/item.ts'
import { newestCommits } from '../../../infra/event-store/newest-commits.ts'
import { EventStoreFault } from '../../../infra/event-store/port.ts'
import { emptyStream } from '../../../infra/event-store/position.ts'
import { createTable, eventTableDefinition } from '../../../infra/event-store/table.ts'
import { draftOf } from '../../contracts/event-store.ts'
import { dynamodbEndpoints, freshName } from '../../engines/engines.ts'
import { stampAt } from './stamp.ts'

const engines = Object.entries(dynamodbEndpoints()).filter((entry): entry is [string, string] => entry[1] !== null)
const NOW = Date.UTC(2026, 2, 1, 12)
const DAY = 86_400_000

const sealedAt = (time: number, tenant: string, id: string): Sealed =>
  seal(
    emptyStream({ tenant, type: 'order', id }),
    draftOf(id, null),
    stampAt(() => new Date(time)),
  )

describe.each(engines)('the newest commits on %s', (_, endpoint) => {
  const client = dynamoDbClient(endpoint)
  const table = freshName('events')
  beforeAll(() => createTable(client, eventTableDefinition(table)))

  const write = async (commits: ReadonlyArray<Sealed>): Promise<void> => {
    for (let done = 0; done < commits.length; done += 25) {
      const puts = commits.slice(done, done + 25).map((sealed) => ({ PutRequest: { Item: itemOf(sealed) } }))
      await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: puts } }))
    }
  }
  const newest = newestCommits({ client, table })

  test('are those of today and yesterday, of one tenant', async () => {
    const tenant = freshName('tenant')
    const times = [0, -1, -DAY / 2, -DAY / 2 - 1, -1.5 * DAY, -1.5 * DAY - 1].map((before) => NOW + before)
    const commits = times.map((time, nth) => sealedAt(time, tenant, `o-${nth}`))
    await write([...commits, sealedAt(NOW, freshName('tenant'), 'o-other')])
    const { entries, more } = await newest(tenant, new Date(NOW))
    expect(more).toBe(false)
    expect(entries.map(({ stream }) => stream.id).toSorted()).toEqual(['o-0', 'o-1', 'o-2', 'o-3', 'o-4'])
    expect(entries.find(({ stream }) => stream.id === 'o-0')).toEqual({
      commitId: commits[0]?.commit.commitId,
      stream: { tenant, type: 'order', id: 'o-0' },
      version: 1,
    })
  })

  test('leave out the oldest where there are many, and say so', async () => {
    const tenant = freshName('tenant')
    const commits = Array.from({ length: 2_000 }, (_, nth) => sealedAt(NOW - nth, tenant, `o-${nth}`))
    await write(commits)
    const { entries, more } = await newest(tenant, new Date(NOW))
    expect(more).toBe(true)
    const left = new Set(entries.map(({ stream }) => stream.id))
    expect(entries.length).toBeGreaterThan(1_000)
    expect(entries.length).toBeLessThanOrEqual(1_600)
    expect(Array.from({ length: 500 }, (_, nth) => `o-${nth}`).filter((id) => !left.has(id))).toEqual([])
  })
})

test('without the event table reject with its fault', async () => {
  const newest = newestCommits({ client: dynamoDbClient('http://127.0.0.1:1'), table: 'none' })
  await expect(newest('acme', new Date(NOW))).rejects.toThrow(EventStoreFault)
})
