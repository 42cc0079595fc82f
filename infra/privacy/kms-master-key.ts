import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb'
import { DecryptCommand, GenerateDataKeyCommand, type KMSClient } from '@aws-sdk/client-kms'
import { once } from '../once.ts'
import { masterKeyOf } from './master-key.ts'
import type { MasterKey } from './port.ts'

/** No id of a person's key: those have 22 characters. */
const ITEM_KEY = { pk: { S: 'master-key' } }

const SECRET_BYTES = 32

export type KmsMasterKeyOptions = {
  readonly kms: KMSClient
  /** ARN of the symmetric key that wraps the secret. */
  readonly keyArn: string
  readonly dynamodb: DynamoDBClient
  /** Of the persons' keys. */
  readonly table: string
}

/**
 * The master key as a secret that KMS wraps, kept beside the keys that it wraps: made at its first use, opened once a process. It opens
 * for this table alone (the encryption context), so that each use of it stands in CloudTrail under the table's name. Without the key of
 * KMS, or the item, no data key ever opens again.
 */
export const kmsMasterKey = ({ kms, keyArn, dynamodb, table }: KmsMasterKeyOptions): MasterKey => {
  const context = { KeyId: keyArn, EncryptionContext: { 'daybook:master-key-of': table } }

  const find = async (): Promise<Uint8Array | undefined> => {
    const { Item: item } = await dynamodb.send(
      new GetItemCommand({ TableName: table, Key: ITEM_KEY, ConsistentRead: true }),
    )
    return item?.['wrapped']?.B
  }

  const opened = async (wrapped: Uint8Array): Promise<MasterKey> => {
    const { Plaintext: secret } = await kms.send(new DecryptCommand({ ...context, CiphertextBlob: wrapped }))
    if (secret?.byteLength !== SECRET_BYTES) throw new Error(`what ${table} keeps under master-key is no master key`)
    return masterKeyOf(secret)
  }

  /** Takes the item's place, or opens what somebody faster has put there. */
  const made = async (): Promise<MasterKey> => {
    const { Plaintext: secret, CiphertextBlob: wrapped } = await kms.send(
      new GenerateDataKeyCommand({ ...context, NumberOfBytes: SECRET_BYTES }),
    )
    if (secret === undefined || wrapped === undefined) throw new Error(`${keyArn} made no data key`)
    const put = new PutItemCommand({
      TableName: table,
      Item: { ...ITEM_KEY, wrapped: { B: wrapped } },
      ConditionExpression: 'attribute_not_exists(pk)',
    })
    try {
      await dynamodb.send(put)
      return masterKeyOf(secret)
    } catch (error) {
      const theirs = error instanceof ConditionalCheckFailedException ? await find() : undefined
      if (theirs === undefined) throw error
      return opened(theirs)
    }
  }

  const master = once(async () => {
    const wrapped = await find()
    return wrapped === undefined ? made() : opened(wrapped)
  })
  return {
    wrap: async (...of) => (await master()).wrap(...of),
    unwrap: async (...of) => (await master()).unwrap(...of),
    mac: async (...of) => (await master()).mac(...of),
  }
}
