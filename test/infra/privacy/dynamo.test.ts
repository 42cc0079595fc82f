import { randomBytes } from 'node:crypto'
import { ScanCommand } from '@aws-sdk/client-dynamodb'
import { beforeAll, describe, expect, test } from 'vitest'
import { dynamoDbClient } from '../../../infra/dynamodb-client.ts'
import { createTable } from '../../../infra/event-store/table.ts'
import { dynamoSubjectKeys, subjectKeyTableDefinition } from '../../../infra/privacy/dynamo.ts'
import { masterKeyOf } from '../../../infra/privacy/master-key.ts'
import { subjectKeysContract } from '../../contracts/subject-keys.ts'
import { dynamodbEndpoints, freshName } from '../../engines/engines.ts'

const engines = Object.entries(dynamodbEndpoints()).filter((entry): entry is [string, string] => entry[1] !== null)

describe.each(engines)('%s', (engine, endpoint) => {
  const client = dynamoDbClient(endpoint)
  const table = freshName('keys')
  const secret = randomBytes(32)
  beforeAll(() => createTable(client, subjectKeyTableDefinition(table)))

  const keysUnder = (master: Uint8Array) =>
    dynamoSubjectKeys({
      client: dynamoDbClient(endpoint),
      table,
      master: masterKeyOf(master),
      backOff: async () => {},
    })
  subjectKeysContract(engine, async () => keysUnder(secret))

  test('the table tells neither names nor keys, and nothing of a key once it is destroyed', async () => {
    const keys = keysUnder(secret)
    const found = await keys.keyOf('acme', 'secret-customer-7f3a')
    if (found._tag !== 'Live') throw new Error('expected a key')
    const stored = async () => {
      const { Items = [] } = await client.send(new ScanCommand({ TableName: table }))
      return Items.filter(({ pk }) => pk?.S === found.keyId)
    }
    const before = await stored()
    expect(before.map(({ dataKey }) => dataKey?.B?.byteLength)).toEqual([60])
    const text = JSON.stringify(
      before.map(({ dataKey, ...rest }) => [rest, Buffer.from(dataKey?.B ?? '').toString('hex')]),
    )
    expect(text).not.toContain('secret-customer-7f3a')
    expect(text).not.toContain(found.key.export().toString('hex'))
    await keys.destroy('acme', 'secret-customer-7f3a', '2026-03-01T12:00:00.000Z')
    const left = await stored()
    expect(left.map((item) => Object.keys(item).sort())).toEqual([['erasedAt', 'pk']])
  })

  test('under another master key nothing opens, and that is said', async () => {
    const { keyId } = await keysUnder(secret).keyOf('acme', 'someone')
    await expect(keysUnder(randomBytes(32)).byId([keyId])).rejects.toThrow(`data key ${keyId} is not one`)
  })
})
