import { createSecretKey, randomBytes } from 'node:crypto'
import {
  ConditionalCheckFailedException,
  type CreateTableCommandInput,
  type DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { batchGet } from '../event-store/batch-get.ts'
import { faultIn } from '../event-store/dynamo-fault.ts'
import type { Image } from '../event-store/item.ts'
import { EventStoreFault } from '../event-store/port.ts'
import type { MasterKey, SubjectKey, SubjectKeys } from './port.ts'

/** One item a key, under its id: the key, wrapped; or, once it is destroyed, since when. */
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
  /** Waits before try number `attempt` (from 1) at what a batch left over. */
  readonly backOff: (attempt: number) => Promise<void>
}

/** DynamoDB: 100 keys a BatchGetItem. */
const BATCH = 100

/** Characters of base64url: 132 bits. */
const KEY_ID_LENGTH = 22

const itemKeyOf = (keyId: string) => ({ pk: { S: keyId } })

/** For `catch`: what to do where the condition of a write did not hold. */
const unlessConditionHeld =
  <A>(otherwise: (item: Image) => A) =>
  (error: unknown): A => {
    if (error instanceof ConditionalCheckFailedException) return otherwise(error.Item ?? {})
    throw error
  }

export const dynamoSubjectKeys = ({ client, table, master, backOff }: DynamoSubjectKeysOptions): SubjectKeys => {
  /** The same for a person always, so that the key is found in one request; and it tells nobody the name. */
  const keyIdOf = async (tenant: string, subject: string): Promise<string> =>
    (await master.mac(`${tenant}#${subject}`)).slice(0, KEY_ID_LENGTH)

  const keyIn = async (item: Image): Promise<SubjectKey> => {
    const [keyId = '', wrapped, erasedAt] = [item['pk']?.S, item['dataKey']?.B, item['erasedAt']?.S]
    if (erasedAt !== undefined) return { _tag: 'Destroyed', keyId, erasedAt }
    const key = wrapped instanceof Uint8Array && (await master.unwrap(keyId, wrapped).catch(() => undefined))
    if (key) return { _tag: 'Live', keyId, key: createSecretKey(key) }
    throw new EventStoreFault(`the data key ${keyId} is not one that this master key has wrapped`, 'refused')
  }

  /** Takes the key's place, or finds who has it: whoever asks first has made the key for all. */
  const keyOf: SubjectKeys['keyOf'] = async (tenant, subject) => {
    const keyId = await keyIdOf(tenant, subject)
    const key = randomBytes(32)
    const put = new PutItemCommand({
      TableName: table,
      Item: { ...itemKeyOf(keyId), dataKey: { B: await master.wrap(keyId, key) } },
      ConditionExpression: 'attribute_not_exists(pk)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    })
    return client.send(put).then(
      (): SubjectKey => ({ _tag: 'Live', keyId, key: createSecretKey(key) }),
      unlessConditionHeld((item) => keyIn(item)),
    )
  }

  const byId: SubjectKeys['byId'] = async (keyIds) => {
    const found = new Map<string, SubjectKey>()
    for (let at = 0; at < keyIds.length; at += BATCH) {
      const items = await batchGet({ client, table, backOff }, keyIds.slice(at, at + BATCH).map(itemKeyOf))
      for (const key of await Promise.all([...items.values()].map(keyIn))) found.set(key.keyId, key)
    }
    return found
  }

  const destroy: SubjectKeys['destroy'] = async (tenant, subject, now) => {
    const keyId = await keyIdOf(tenant, subject)
    const update = new UpdateItemCommand({
      TableName: table,
      Key: itemKeyOf(keyId),
      UpdateExpression: 'SET erasedAt = if_not_exists(erasedAt, :now) REMOVE dataKey',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeValues: { ':now': { S: now } },
      ReturnValues: 'ALL_NEW',
    })
    return client.send(update).then(
      ({ Attributes }) => ({ _tag: 'Destroyed' as const, keyId, erasedAt: Attributes?.['erasedAt']?.S ?? now }),
      unlessConditionHeld(() => undefined),
    )
  }

  const toFault = (doing: string) => (error: unknown) => {
    throw error instanceof EventStoreFault ? error : faultIn(doing, error)
  }
  return {
    keyOf: (...of) => keyOf(...of).catch(toFault('asking for a data key')),
    byId: (keyIds) => byId(keyIds).catch(toFault('reading data keys')),
    destroy: (...of) => destroy(...of).catch(toFault('destroying a data key')),
  }
}
