import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import * as E from 'fp-ts/lib/Either.js'
import { aggregate } from '../../../../commands/aggregate.ts'
import { type CommandDependencies, executeCommand } from '../../../../commands/execute-command.ts'
import { assumeEmpty, catchUp } from '../../../../commands/load.ts'
import { warmStreams } from '../../../../commands/warm-streams.ts'
import type { Decider } from '../../../../domain/decider.ts'
import { backOff } from '../../../../infra/back-off.ts'
import { dynamoEventStore } from '../../../../infra/event-store/dynamo.ts'
import { commitOfImage, isOffloaded } from '../../../../infra/event-store/item.ts'
import { partitionKeyOf } from '../../../../infra/event-store/keys.ts'
import { systemStamp } from '../../../../infra/event-store/stamp.ts'
import { eventTableDefinition } from '../../../../infra/event-store/table.ts'
import { LOCAL_BOUNDS } from '../../../../infra/event-store/time-bounds.ts'
import type { Append, Contender, Item, Store, StoredEntry } from './contender.ts'
import { book, emptyLedger, entriesOf, type Ledger, type Posting } from './ledger.ts'
import { EntryPosted, eventOf, FINGERPRINT, itemsOf, provenance, streamOf, writeAll } from './sealed.ts'

const TABLE = 'bench-daybook-events'

const ledger: Decider<Ledger, Posting, EntryPosted, never> = {
  initial: emptyLedger,
  evolve: (state, { data }) => book(state, data),
  decide: (posting, state) => E.right(entriesOf(posting, state).map(eventOf)),
}
const ledgers = aggregate('ledger', ledger, EntryPosted)

/** What the pipeline is given: the same as in `npm start`. */
const dependenciesOf = (client: DynamoDBClient): { readonly [name in keyof Store['append']]: CommandDependencies } => {
  const cold = { store: dynamoEventStore({ client, table: TABLE, bounds: LOCAL_BOUNDS, ...systemStamp() }), backOff }
  const warm = { ...cold, warm: warmStreams() }
  return { cold, warm, contended: warm }
}

const appending =
  (dependencies: CommandDependencies): Append =>
  async (ledger, posting) => {
    const request = {
      ...provenance,
      stream: streamOf(ledger),
      command: async () => E.right(posting),
      commandId: posting.id,
      fingerprint: FINGERPRINT,
      creates: false,
    }
    const execute = executeCommand(dependencies)
    let outcome = await execute(ledgers, request)
    // A client that is told to try again does, with the same command.
    while (E.isLeft(outcome) && outcome.left._tag === 'Contended') outcome = await execute(ledgers, request)
    if (E.isLeft(outcome)) throw new Error(`the posting was refused: ${outcome.left._tag}`)
  }

const open = (client: DynamoDBClient): Store => {
  const { cold, warm, contended } = dependenciesOf(client)
  return {
    seed: (ledger, postings) => writeAll(client, TABLE, itemsOf(ledger, postings)),
    append: { cold: appending(cold), warm: appending(warm), contended: appending(contended) },
    load: async (ledger) => {
      const loaded = await catchUp(cold.store, ledgers, assumeEmpty(cold.store, ledgers, streamOf(ledger)))
      return loaded.state.entries
    },
  }
}

const entriesIn = (item: Item): ReadonlyArray<StoredEntry> => {
  const found = commitOfImage(item)
  if (E.isLeft(found)) throw found.left
  const commit = found.right
  if (isOffloaded(commit)) throw new Error('a posting is never so large')
  return commit.events.map((event, index) => {
    if (!EntryPosted.is(event)) throw new Error('a stored event is no entry')
    const { posting, part, number } = event.data
    return { version: commit.version + index, posting, part, number }
  })
}

/** The command pipeline over the event store, as the API runs it. */
export const daybook: Contender = {
  name: 'daybook',
  table: { ...eventTableDefinition(TABLE), TableName: TABLE },
  open,
  partitionKeyOf: (ledger) => partitionKeyOf(streamOf(ledger)),
  entriesIn,
}
