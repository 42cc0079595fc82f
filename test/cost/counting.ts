import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { commandOperations } from '../../commands/http/operations.ts'
import { numbering } from '../../commands/numbering.ts'
import { readRows } from '../../infra/cli/import/rows.ts'
import type { Transport } from '../../infra/cli/transport.ts'
import { dynamoDbClient } from '../../infra/dynamodb-client.ts'
import { dynamoEventStore } from '../../infra/event-store/dynamo.ts'
import { memoryEventStore } from '../../infra/event-store/memory.ts'
import type { Commit, EventStore } from '../../infra/event-store/port.ts'
import { createTable, eventTableDefinition } from '../../infra/event-store/table.ts'
import { destinationRecord } from '../../infra/feeds/destination-record.ts'
import { createApp } from '../../infra/http/app.ts'
import { silentLogger } from '../../infra/log/logger.ts'
import { cachedKeys } from '../../infra/privacy/cached-keys.ts'
import { dynamoSubjectKeys, subjectKeyTableDefinition } from '../../infra/privacy/dynamo.ts'
import { masterKeyOf } from '../../infra/privacy/master-key.ts'
import { privateEventStore } from '../../infra/privacy/private-event-store.ts'
import { cloudEventsOf } from '../../infra/relay/cloud-events.ts'
import { publishing } from '../../infra/relay/registry.ts'
import { dynamoRequestKeys, requestTableDefinition } from '../../infra/request-keys/dynamo.ts'
import { type DaybookEvent, eventCodecs, personalData } from '../../projections/event-codecs.ts'
import { meter } from '../bench/meter.ts'
import { freshName } from '../engines/engines.ts'
import { importer, importThrough } from '../infra/cli/import/importing.ts'
import { testStamp } from '../infra/event-store/stamp.ts'
import { recordOf } from '../projections/stream-records.ts'

const SAMPLE = join(import.meta.dirname, '../data/online-retail-sample.csv')

const cloudEvents = cloudEventsOf<DaybookEvent>({
  codecs: eventCodecs,
  publishing,
  personal: personalData,
  stage: 'production',
})

const feedBytesOf = (commit: Commit): number => destinationRecord(recordOf(commit), 'pk').data.byteLength
const relayedBytesOf = (commit: Commit): number => {
  const events = cloudEvents(commit)
  if (E.isLeft(events)) throw new Error(events.left.reason)
  return events.right.reduce((sum, event) => sum + Buffer.byteLength(JSON.stringify(event)), 0)
}

/** Keeps what was appended, as it was stored. */
const watched = (store: EventStore, commits: Commit[]): EventStore => ({
  ...store,
  append: async (position, draft) => {
    const appended = await store.append(position, draft)
    if (E.isRight(appended)) commits.push(appended.right.commit)
    return appended
  },
})

type Sums = { commands: number; writeUnits: number; requests: number; feedBytes: number; relayedBytes: number }

/** What the commands of an import take of DynamoDB, one after the other, by the path that they went to: sums, and how many they were. */
export const countImport = async (endpoint: string): Promise<ReadonlyMap<string, Sums>> => {
  const client = dynamoDbClient(endpoint)
  const [table, requests, subjects] = ['events', 'requests', 'subjects'].map(freshName)
  if (table === undefined || requests === undefined || subjects === undefined) throw new Error('three names')
  for (const definition of [
    eventTableDefinition(table),
    requestTableDefinition(requests),
    subjectKeyTableDefinition(subjects),
  ])
    await createTable(client, definition)
  const usage = meter(client)
  const backOff = async () => {}
  const master = masterKeyOf(randomBytes(32))
  const keys = cachedKeys(dynamoSubjectKeys({ client, table: subjects, master, backOff }), Date.now)
  const commits: Commit[] = []
  const stored = watched(dynamoEventStore({ client, table, ...testStamp }), commits)
  let ids = 0
  const newId = () => {
    ids += 1
    return `00000000-0000-4000-8000-${String(ids).padStart(12, '0')}`
  }
  const operations = commandOperations({
    store: privateEventStore({ ...memoryEventStore(testStamp), ...stored }, { personal: personalData, keys }),
    backOff,
    numbering: numbering(() => async () => {}),
    keys: dynamoRequestKeys(client, requests),
    clock: () => new Date('2026-03-01T12:00:00Z'),
    newId,
  })
  const app = createApp({ operations, authenticate: importer, newId, log: silentLogger })
  const counted = new Map<string, Sums>()
  const transport: Transport = {
    post: async (path, given, body) => {
      const headers = new Headers({ 'Content-Type': 'application/json' })
      for (const [name, value] of Object.entries(given)) headers.set(name, String(value))
      const [before, known] = [usage(), commits.length]
      const answer = await app.request(path, { method: 'POST', headers, body })
      const [after, added] = [usage(), commits.slice(known)]
      const kind = path.split('/').slice(0, 3).join('/')
      const sums = counted.get(kind) ?? { commands: 0, writeUnits: 0, requests: 0, feedBytes: 0, relayedBytes: 0 }
      counted.set(kind, {
        commands: sums.commands + 1,
        writeUnits: sums.writeUnits + after.writeUnits - before.writeUnits,
        requests: sums.requests + after.requests - before.requests,
        feedBytes: added.reduce((sum, commit) => sum + feedBytesOf(commit), sums.feedBytes),
        relayedBytes: added.reduce((sum, commit) => sum + relayedBytesOf(commit), sums.relayedBytes),
      })
      return { status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() }
    },
    get: () => Promise.reject(new Error('the importer reads nothing')),
    close: () => {},
  }
  const { failure } = await importThrough(transport, () => readRows(SAMPLE), { concurrency: 1 })
  if (failure !== null) throw failure
  client.destroy()
  return counted
}
