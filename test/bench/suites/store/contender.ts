import type { AttributeValue, CreateTableCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { Posting } from './ledger.ts'

/**
 * Books a posting on a ledger: loads, decides and appends, again when somebody was faster, until it is through. Rejects on
 * anything but a lost race.
 */
export type Append = (ledger: string, posting: Posting) => Promise<void>

/** A way of storing ledgers, opened on one client. What it keeps in memory dies with it. */
export type Store = {
  /** Makes a new ledger of these postings, all of one size, in whatever way is quickest; never timed. */
  readonly seed: (ledger: string, postings: ReadonlyArray<Posting>) => Promise<void>
  readonly append: {
    /** Nothing is known of the ledger beforehand. */
    readonly cold: Append
    /** This process made the ledger's last posting, and nobody else writes to it. */
    readonly warm: Append
    /** Others write to it, in this process and elsewhere. */
    readonly contended: Append
  }
  /** Folds a seeded ledger; answers how many entries it has. */
  readonly load: (ledger: string) => Promise<number>
}

export type Temperature = 'cold' | 'warm'

/** An event as it lies in the table. */
export type StoredEntry = {
  /** From 1. */
  readonly version: number
  readonly posting: string
  /** Of its posting. */
  readonly part: number
  /** The version that it should have by the state it was decided on; absent where nothing is decided. */
  readonly number?: number
}

export type Item = Readonly<Record<string, AttributeValue>>

/** One arm of this suite. */
export type Contender = {
  readonly name: string
  /** As its documentation has it. All have a feed of new images, since a store of events without one is of no use. */
  readonly table: CreateTableCommandInput & { readonly TableName: string }
  readonly open: (client: DynamoDBClient) => Store
  readonly partitionKeyOf: (ledger: string) => string
  /** Events in an item, oldest first, read without the code under test where that is possible. */
  readonly entriesIn: (item: Item) => ReadonlyArray<StoredEntry>
}
