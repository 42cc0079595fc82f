import type { CreateTableCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { Command, EventStore, EventType, isEventAlreadyExistsError, tuple } from '@castore/core'
import {
  DynamoDBSingleTableEventStorageAdapter,
  EVENT_TABLE_EVENT_STORE_ID_KEY,
  EVENT_TABLE_INITIAL_EVENT_INDEX_NAME,
  EVENT_TABLE_PK,
  EVENT_TABLE_SK,
  EVENT_TABLE_TIMESTAMP_KEY,
} from '@castore/event-storage-adapter-dynamodb'
import type { Append, Contender, Item, Store, StoredEntry } from './contender.ts'
import { book, type Entry, emptyLedger, entriesOf, entriesOfAll, type Ledger, type Posting } from './ledger.ts'

const TABLE = 'bench-castore-events'
const STORE_ID = 'ledger'

/** The table of its README, with a feed. */
const definition: CreateTableCommandInput & { readonly TableName: string } = {
  TableName: TABLE,
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: EVENT_TABLE_PK, AttributeType: 'S' },
    { AttributeName: EVENT_TABLE_SK, AttributeType: 'N' },
    { AttributeName: EVENT_TABLE_EVENT_STORE_ID_KEY, AttributeType: 'S' },
    { AttributeName: EVENT_TABLE_TIMESTAMP_KEY, AttributeType: 'S' },
  ],
  KeySchema: [
    { AttributeName: EVENT_TABLE_PK, KeyType: 'HASH' },
    { AttributeName: EVENT_TABLE_SK, KeyType: 'RANGE' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: EVENT_TABLE_INITIAL_EVENT_INDEX_NAME,
      KeySchema: [
        { AttributeName: EVENT_TABLE_EVENT_STORE_ID_KEY, KeyType: 'HASH' },
        { AttributeName: EVENT_TABLE_TIMESTAMP_KEY, KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
  ],
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
}

type LedgerAggregate = Ledger & { readonly aggregateId: string; readonly version: number }
type Booked = { readonly aggregateId: string; readonly version: number; readonly payload: Entry }

const fold = (ledger: LedgerAggregate | undefined, { aggregateId, version, payload }: Booked): LedgerAggregate => ({
  ...book(ledger ?? emptyLedger, payload),
  aggregateId,
  version,
})

const eventStoreOn = (dynamoDBClient: DynamoDBClient) =>
  new EventStore({
    eventStoreId: STORE_ID,
    eventTypes: [new EventType<'EntryPosted', Entry>({ type: 'EntryPosted' })],
    // Its type takes the aggregate for always there, although its own code begins without one.
    reducer: (ledger: LedgerAggregate, event: Booked) => fold(ledger, event),
    eventStorageAdapter: new DynamoDBSingleTableEventStorageAdapter({ tableName: TABLE, dynamoDBClient }),
  })
type LedgerStore = ReturnType<typeof eventStoreOn>

/** All entries in one transaction, as its documentation has it for several events at once. */
const push = async (store: LedgerStore, aggregateId: string, entries: ReadonlyArray<Entry>, version: number) => {
  const [first, ...more] = entries.map((payload, index) =>
    store.groupEvent({ aggregateId, version: version + 1 + index, type: 'EntryPosted', payload }),
  )
  if (first === undefined) throw new Error('a posting has a line')
  await EventStore.pushEventGroup({}, first, ...more)
}

type Input = { readonly ledger: string; readonly posting: Posting }

/** Tries three times at once, its default. */
const commandOn = (store: LedgerStore) =>
  new Command({
    commandId: 'POST',
    requiredEventStores: tuple(store),
    handler: async ({ ledger, posting }: Input, [ledgers]): Promise<void> => {
      const { aggregate } = await ledgers.getAggregate(ledger)
      await push(ledgers, ledger, entriesOf(posting, aggregate ?? emptyLedger), aggregate?.version ?? 0)
    },
  })

/** DynamoDB: 100 actions a transaction. */
const TRANSACTION = 100

const seed = async (store: LedgerStore, ledger: string, postings: ReadonlyArray<Posting>): Promise<void> => {
  const entries = entriesOfAll(postings, emptyLedger)
  for (let version = 0; version < entries.length; version += TRANSACTION) {
    await push(store, ledger, entries.slice(version, version + TRANSACTION), version)
  }
}

const open = (client: DynamoDBClient): Store => {
  const store = eventStoreOn(client)
  const command = commandOn(store)
  const append: Append = async (ledger, posting) => {
    for (;;) {
      try {
        return await command.handler({ ledger, posting }, [store])
      } catch (error) {
        if (!isEventAlreadyExistsError(error)) throw error
      }
    }
  }
  return {
    seed: (ledger, postings) => seed(store, ledger, postings),
    // It caches nothing: a warm process does what a cold one does.
    append: { cold: append, warm: append, contended: append },
    load: async (ledger) => (await store.getExistingAggregate(ledger)).aggregate.entries,
  }
}

const entriesIn = ({ version, payload }: Item): ReadonlyArray<StoredEntry> => {
  const entry = payload?.M
  const [part, number] = [entry?.['part']?.N, entry?.['number']?.N].map(Number)
  if (part === undefined || number === undefined) throw new Error('an item holds no entry')
  return [{ version: Number(version?.N), posting: entry?.['posting']?.S ?? '', part, number }]
}

/** castore: an event, an item; several events, a transaction. */
export const castore: Contender = {
  name: 'castore',
  table: definition,
  open,
  partitionKeyOf: (ledger) => `${STORE_ID}#${ledger}`,
  entriesIn,
}
