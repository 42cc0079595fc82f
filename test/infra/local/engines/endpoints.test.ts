import pg from 'pg'
import { expect, test } from 'vitest'
import {
  dynamodbEndpoints,
  freshDatabase,
  freshName,
  kinesisEndpoint,
  opensearchUrl,
} from '../../../engines/engines.ts'

test('a fresh database is empty, is ours alone, and is gone after drop', async () => {
  const [one, other] = [await freshDatabase(), await freshDatabase()]
  expect(one.url).not.toBe(other.url)
  const client = new pg.Client({ connectionString: one.url })
  client.on('error', () => undefined)
  await client.connect()
  const { rows } = await client.query("SELECT count(*)::int AS tables FROM pg_tables WHERE schemaname = 'public'")
  expect(rows).toEqual([{ tables: 0 }])
  await Promise.all([one.drop(), other.drop()])
  const late = new pg.Client({ connectionString: one.url })
  await expect(late.connect()).rejects.toThrow(/does not exist/)
})

test('every engine of the suite answers on 127.0.0.1', async () => {
  const { dynoxide, dynamodbLocal } = dynamodbEndpoints()
  for (const url of [dynoxide, dynamodbLocal, kinesisEndpoint(), opensearchUrl()]) {
    if (url === null) continue
    expect(new URL(url).hostname).toBe('127.0.0.1')
    expect((await fetch(url)).status).toBeGreaterThanOrEqual(200)
  }
})

test('fresh names differ and hold only a-z, 0-9 and a dash', () => {
  expect(freshName('orders')).toMatch(/^orders-[0-9a-f]{12}$/)
  expect(freshName('orders')).not.toBe(freshName('orders'))
})
