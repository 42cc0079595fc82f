import { createSecretKey, randomBytes } from 'node:crypto'
import {
  type AttributeValue,
  type CreateTableCommandInput,
  type DynamoDBClient,
  GetItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'
import { batchGet } from '../event-store/batch-get.ts'
import { faultIn } from '../event-store/dynamo-fault.ts'
import type { Image } from '../event-store/item.ts'
import { EventStoreFault } from '../event-store/port.ts'
import type { MasterKey, SubjectKey, SubjectKeys } from './port.ts'

/** Two items a key, found by person and by id. The person's name stands nowhere: its item is found by a keyed hash. */
export const subjectKeyTableDefinition = (name: string): CreateTableCommandInput => ({
  TableName: name,
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
})

export type DynamoSubjectKeysOptions = {
  readonly client: DynamoDBClient
  readonly table: string
  readonly master: MasterKey
  /** Waits before try number `attempt` (from 2). */
  readonly backOff: (attempt: number) => Promise<void>
}

/** DynamoDB: 100 keys a BatchGetItem. */
const BATCH = 100
/** Lost races against others who made, or destroyed, the same key. */
const ATTEMPTS = 8

/** What DynamoDB says of an action in a cancelled transaction when another writer was in its way, or in the way of another action. */
const LOST: ReadonlySet<string | undefined> = new Set(['None', 'ConditionalCheckFailed', 'TransactionConflict'])

const wasFaster = (error: unknown): boolean =>
  error instanceof TransactionCanceledException &&
  error.CancellationReasons !== undefined &&
  error.CancellationReasons.every(({ Code }) => LOST.has(Code))

const byKeyId = (keyId: string) => ({ pk: { S: `key#${keyId}` } })

const subjectKeyOf = async (master: MasterKey, item: Image): Promise<SubjectKey> => {
  const [keyId, wrapped, erasedAt] = [item['keyId']?.S, item['dataKey']?.B, item['erasedAt']?.S]
  if (keyId !== undefined && erasedAt !== undefined) return { _tag: 'Destroyed', keyId, erasedAt }
  if (keyId !== undefined && wrapped instanceof Uint8Array) {
    const key = await master.unwrap(keyId, wrapped).catch(() => undefined)
    if (key !== undefined) return { _tag: 'Live', keyId, key: createSecretKey(key) }
  }
  throw new EventStoreFault(`the data key ${keyId} is not one that this master key has wrapped`, 'refused')
}

export const dynamoSubjectKeys = ({ client, table, master, backOff }: DynamoSubjectKeysOptions): SubjectKeys => {
  const bySubject = async (tenant: string, subject: string) => ({
    pk: { S: `subject#${await master.mac(`${tenant}#${subject}`)}` },
  })

  const read = async (key: { readonly pk: AttributeValue }): Promise<Image | undefined> => {
    const get = new GetItemCommand({ TableName: table, Key: key, ConsistentRead: true })
    return (await client.send(get)).Item
  }

  /** Changes both items or, where somebody else was faster, none. */
  const transact = async (actions: TransactWriteItemsCommand): Promise<void> => {
    await client.send(actions).catch((error: unknown) => {
      if (!wasFaster(error)) throw error
    })
  }

  const make = async (key: { readonly pk: AttributeValue }): Promise<void> => {
    const keyId = randomBytes(16).toString('base64url')
    const kept = { keyId: { S: keyId }, dataKey: { B: await master.wrap(keyId, randomBytes(32)) } }
    const put = (pk: { readonly pk: AttributeValue }) => ({
      Put: { TableName: table, Item: { ...pk, ...kept }, ConditionExpression: 'attribute_not_exists(pk)' },
    })
    await transact(new TransactWriteItemsCommand({ TransactItems: [put(key), put(byKeyId(keyId))] }))
  }

  const strip = async (keys: ReadonlyArray<{ readonly pk: AttributeValue }>, now: string): Promise<void> => {
    const TransactItems = keys.map((Key) => ({
      Update: {
        TableName: table,
        Key,
        UpdateExpression: 'SET erasedAt = if_not_exists(erasedAt, :now) REMOVE dataKey',
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeValues: { ':now': { S: now } },
      },
    }))
    await transact(new TransactWriteItemsCommand({ TransactItems }))
  }

  /** Reads an item, and changes it until it is as wanted: what it then says is true for everybody. */
  const until = async (
    key: { readonly pk: AttributeValue },
    isSo: (item: Image | undefined) => boolean,
    change: (item: Image | undefined) => Promise<void>,
  ): Promise<Image | undefined> => {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      if (attempt > 2) await backOff(attempt - 1)
      const item = await read(key)
      if (isSo(item)) return item
      await change(item)
    }
    throw new EventStoreFault(`lost ${ATTEMPTS} races for a data key`, 'unavailable')
  }

  const asking = <A>(doing: string, work: () => Promise<A>): Promise<A> =>
    work().catch((error: unknown) => {
      throw error instanceof EventStoreFault ? error : faultIn(doing, error)
    })

  return {
    keyOf: (tenant, subject) =>
      asking('asking for a data key', async () => {
        const key = await bySubject(tenant, subject)
        const item = await until(
          key,
          (found) => found !== undefined,
          () => make(key),
        )
        return subjectKeyOf(master, item ?? {})
      }),
    byId: (keyIds) =>
      asking('reading data keys', async () => {
        const found = new Map<string, SubjectKey>()
        for (let at = 0; at < keyIds.length; at += BATCH) {
          const wanted = keyIds.slice(at, at + BATCH).map(byKeyId)
          const items = await batchGet({ client, table, backOff }, wanted)
          for (const item of items.values()) {
            const key = await subjectKeyOf(master, item)
            found.set(key.keyId, key)
          }
        }
        return found
      }),
    destroy: (tenant, subject, now) =>
      asking('destroying a data key', async () => {
        const key = await bySubject(tenant, subject)
        const item = await until(
          key,
          (found) => found === undefined || found['erasedAt'] !== undefined,
          (found) => strip([key, byKeyId(found?.['keyId']?.S ?? '')], now),
        )
        const destroyed = item && (await subjectKeyOf(master, item))
        return destroyed?._tag === 'Destroyed' ? destroyed : undefined
      }),
  }
}
