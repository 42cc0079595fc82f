import { randomBytes } from 'node:crypto'
import { GetItemCommand } from '@aws-sdk/client-dynamodb'
import { KMSClient } from '@aws-sdk/client-kms'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dynamoDbClient } from '../../../infra/dynamodb-client.ts'
import { createTable } from '../../../infra/event-store/table.ts'
import { dynamoSubjectKeys, subjectKeyTableDefinition } from '../../../infra/privacy/dynamo.ts'
import { kmsMasterKey } from '../../../infra/privacy/kms-master-key.ts'
import { type KmsStandIn, kmsStandIn } from '../../aws/kms.ts'
import { subjectKeysContract } from '../../contracts/subject-keys.ts'
import { dynamodbEndpoints, freshName } from '../../engines/engines.ts'

const dynamodb = dynamoDbClient(dynamodbEndpoints().dynoxide)
let kms: KmsStandIn
beforeAll(async () => {
  kms = await kmsStandIn()
})
afterAll(() => kms.stop())

const clientOf = (endpoint: string) =>
  new KMSClient({
    endpoint,
    region: 'eu-west-2',
    maxAttempts: 1,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  })

const freshTable = async (): Promise<string> => {
  const table = freshName('keys')
  await createTable(dynamodb, subjectKeyTableDefinition(table))
  return table
}

const masterIn = (table: string, keyArn = 'wraps') => kmsMasterKey({ kms: clientOf(kms.url), keyArn, dynamodb, table })

const shared = freshTable()
subjectKeysContract('under a master key of KMS', async () => {
  const table = await shared
  return dynamoSubjectKeys({ client: dynamodb, table, master: masterIn(table), backOff: async () => {} })
})

test('processes that come first at the same time have one master key, and so have all later ones', async () => {
  const table = await freshTable()
  const names = await Promise.all([1, 2, 3, 4, 5].map(() => masterIn(table).mac('acme#ann')))
  expect(new Set([...names, await masterIn(table).mac('acme#ann')]).size).toBe(1)
  expect(await masterIn(await freshTable()).mac('acme#ann')).not.toBe(names[0])
})

test('KMS is asked once a process, and only when there is something to open', async () => {
  const table = await freshTable()
  await masterIn(table).mac('made')
  const master = masterIn(table)
  const before = kms.asked.length
  const key = randomBytes(32)
  for (let nth = 0; nth < 3; nth += 1) expect(await master.unwrap('id', await master.wrap('id', key))).toEqual(key)
  expect(kms.asked.slice(before)).toEqual(['Decrypt'])
})

test('the table keeps the secret wrapped, for this table and this key alone', async () => {
  const [table, other] = [await freshTable(), await freshTable()]
  await masterIn(table).mac('made')
  const { Item: item } = await dynamodb.send(
    new GetItemCommand({ TableName: table, Key: { pk: { S: 'master-key' } }, ConsistentRead: true }),
  )
  expect(item?.['wrapped']?.B?.byteLength).toBe(60)
  const elsewhere = kmsMasterKey({
    kms: clientOf(kms.url),
    keyArn: 'wraps',
    table: other,
    // Somebody copied the item.
    dynamodb: Object.assign(dynamoDbClient(dynamodbEndpoints().dynoxide), { send: async () => ({ Item: item }) }),
  })
  await expect(elsewhere.mac('acme#ann')).rejects.toThrow()
  await expect(masterIn(table, 'another key').mac('acme#ann')).rejects.toThrow()
})

test('without permission nothing opens, and when it is given the next use does', async () => {
  const table = await freshTable()
  await masterIn(table).mac('made')
  const master = masterIn(table)
  kms.denied.add('Decrypt')
  await expect(master.mac('acme#ann')).rejects.toThrow('not authorized to perform kms:Decrypt')
  kms.denied.clear()
  expect(await master.mac('acme#ann')).toHaveLength(43)
})
