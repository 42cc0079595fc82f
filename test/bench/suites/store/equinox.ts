import {
  type CreateTableCommandInput,
  DynamoDB,
  type DynamoDBClient,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb'
import {
  CachingStrategy,
  Codec,
  Decider,
  type ICachingStrategy,
  LoadOption,
  MaxResyncsExhaustedException,
  MemoryCache,
  StreamId,
} from '@equinox-js/core'
import {
  AccessStrategy,
  DynamoStoreCategory,
  DynamoStoreClient,
  DynamoStoreContext,
  QueryOptions,
  TipOptions,
} from '@equinox-js/dynamo-store'
import type { Append, Contender, Item, Store, StoredEntry } from './contender.ts'
import { book, Entry, emptyLedger, entriesOfAll, type Ledger, type Posting } from './ledger.ts'

const TABLE = 'bench-equinox-events'
const CATEGORY = 'Ledger'

/** The table of its own tests, with the feed that its readers follow. */
const definition: CreateTableCommandInput & { readonly TableName: string } = {
  TableName: TABLE,
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: 'p', AttributeType: 'S' },
    { AttributeName: 'i', AttributeType: 'N' },
  ],
  KeySchema: [
    { AttributeName: 'p', KeyType: 'HASH' },
    { AttributeName: 'i', KeyType: 'RANGE' },
  ],
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
}

type EntryPosted = { readonly type: 'EntryPosted'; readonly data: Entry }

const fold = (ledger: Ledger, events: ReadonlyArray<EntryPosted>): Ledger =>
  events.reduce((state, { data }) => book(state, data), ledger)

/** It calls the methods of the SDK's other client; these send through ours, so that settings and counting are the same. */
const storeClientOn = (client: DynamoDBClient): DynamoStoreClient =>
  new DynamoStoreClient(Object.assign(new DynamoDB({}), { send: client.send.bind(client) }))

const decidersOn = (client: DynamoDBClient, caching: ICachingStrategy | undefined) => {
  const context = new DynamoStoreContext({
    client: storeClientOn(client),
    tableName: TABLE,
    tip: TipOptions.create({}),
    query: QueryOptions.create({}),
  })
  const category = DynamoStoreCategory.create(
    context,
    CATEGORY,
    Codec.compress(Codec.json<EntryPosted>()),
    fold,
    emptyLedger,
    caching,
    AccessStrategy.Unoptimized(),
  )
  return (ledger: string): Decider<EntryPosted, Ledger> =>
    Decider.forStream(category, StreamId.create(ledger), undefined)
}

/** A race lost three times, its default; or lost when the newest item was full: that is a transaction, which it does not retry. */
const isLostRace = (error: unknown): boolean =>
  error instanceof MaxResyncsExhaustedException ||
  (error instanceof TransactionCanceledException &&
    (error.CancellationReasons ?? []).some(({ Code }) => Code === 'ConditionalCheckFailed'))

const decided =
  (postings: ReadonlyArray<Posting>) =>
  (ledger: Ledger): EntryPosted[] =>
    entriesOfAll(postings, ledger).map((data) => ({ type: 'EntryPosted', data }))

const appending =
  (deciderOf: ReturnType<typeof decidersOn>, load: LoadOption): Append =>
  async (ledger, posting) => {
    for (;;) {
      try {
        return await deciderOf(ledger).transact(decided([posting]), load)
      } catch (error) {
        if (!isLostRace(error)) throw error
      }
    }
  }

/** Postings that a seed makes at once: with ten lines each, two such writes fill an item, as single postings would. */
const AT_ONCE = 4

const open = (client: DynamoDBClient): Store => {
  const uncached = decidersOn(client, CachingStrategy.NoCache())
  const cached = decidersOn(client, CachingStrategy.Cache(new MemoryCache()))
  return {
    seed: async (ledger, postings) => {
      for (let from = 0; from < postings.length; from += AT_ONCE) {
        await cached(ledger).transact(decided(postings.slice(from, from + AT_ONCE)), LoadOption.AnyCachedValue)
      }
    },
    append: {
      cold: appending(uncached, LoadOption.RequireLoad),
      // Stale is safe: a write behind an old state is refused and decided anew.
      warm: appending(cached, LoadOption.AnyCachedValue),
      contended: appending(cached, LoadOption.RequireLoad),
    },
    load: (ledger) => uncached(ledger).query(({ entries }) => entries, LoadOption.RequireLeader),
  }
}

const entriesIn = ({ n, e }: Item): ReadonlyArray<StoredEntry> => {
  const events = e?.L ?? []
  const before = Number(n?.N) - events.length
  return events.map(({ M: event }, index) => {
    const body = { encoding: Number(event?.['D']?.N ?? 0), body: Buffer.from(event?.['d']?.B ?? '') }
    const entry: unknown = JSON.parse(Codec.smartDecompress(body)?.toString('utf8') ?? '')
    if (!Entry.is(entry)) throw new Error('an item holds no entry')
    return { version: before + index + 1, posting: entry.posting, part: entry.part, number: entry.number }
  })
}

/** equinox: events are added to the stream's newest item until it is full (32 KB), each packed by itself. */
export const equinox: Contender = {
  name: 'equinox',
  table: definition,
  open,
  partitionKeyOf: (ledger) => `${CATEGORY}-${ledger}`,
  entriesIn,
}
