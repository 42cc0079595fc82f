import { BatchWriteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb'
import * as t from 'io-ts'
import { positionBehind, type Sealed, seal } from '../../../../infra/event-store/commit.ts'
import { type Item, itemOf } from '../../../../infra/event-store/item.ts'
import type { Provenance, StreamName } from '../../../../infra/event-store/port.ts'
import { emptyStream } from '../../../../infra/event-store/position.ts'
import { systemStamp } from '../../../../infra/event-store/stamp.ts'
import { strict } from '../../../../schemas/strict.ts'
import { book, Entry, emptyLedger, entriesOf, type Posting } from './ledger.ts'

export const streamOf = (ledger: string): StreamName => ({ tenant: 'bench', type: 'ledger', id: ledger })

export const provenance: Provenance = {
  actor: { subject: 'bench', roles: ['integration'] },
  correlationId: '01J000000000000000000000C0',
  causationId: null,
}

/** A digest's length; what it covers is of no interest here, since no command is sent twice with other content. */
export const FINGERPRINT = '0'.repeat(64)

export const EntryPosted = strict({ type: t.literal('EntryPosted'), schemaVersion: t.literal(1), data: Entry })
export type EntryPosted = t.TypeOf<typeof EntryPosted>

export const eventOf = (data: Entry): EntryPosted => ({ type: 'EntryPosted', schemaVersion: 1, data })

const stamp = systemStamp()

/** The items that Daybook's event store makes of these postings on a new ledger. */
export const itemsOf = (ledger: string, postings: ReadonlyArray<Posting>): ReadonlyArray<Item> => {
  let position = emptyStream(streamOf(ledger))
  let state = emptyLedger
  return postings.map((posting) => {
    const entries = entriesOf(posting, state)
    const draft = { ...provenance, commandId: posting.id, fingerprint: FINGERPRINT, events: entries.map(eventOf) }
    const sealed: Sealed = seal(position, draft, stamp)
    position = positionBehind(sealed.commit)
    state = entries.reduce(book, state)
    return itemOf(sealed)
  })
}

/** DynamoDB: 25 writes a batch. */
const BATCH = 25

export const writeAll = async (client: DynamoDBClient, table: string, items: ReadonlyArray<Item>): Promise<void> => {
  for (let from = 0; from < items.length; from += BATCH) {
    const requests = items.slice(from, from + BATCH).map((item) => ({ PutRequest: { Item: item } }))
    const { UnprocessedItems } = await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: requests } }))
    if (Object.keys(UnprocessedItems ?? {}).length > 0) throw new Error(`${table} did not take a whole batch`)
  }
}
