import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectionOf } from '../../../infra/postgres/connection.ts'
import { iamPassword } from '../../../infra/postgres/iam-password.ts'
import { ownerPool } from '../../../infra/postgres/pool.ts'
import { freshDatabase } from '../../engines/engines.ts'

let database: Awaited<ReturnType<typeof freshDatabase>>
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

test('a URL with a password is taken as it is', () => {
  const url = 'postgresql://u:p@db:6543/views'
  expect(connectionOf(url, async () => 'other')).toEqual({ connectionString: url })
})

test('a URL without one asks for a password for each connection, of this user at this server', async () => {
  const asked: unknown[] = []
  const connection = connectionOf('postgresql://daybook_reader@db.example/da%20ta', async (login) => {
    asked.push(login)
    return 'token'
  })
  expect(connection).toMatchObject({
    host: 'db.example',
    port: 5432,
    user: 'daybook_reader',
    database: 'da ta',
    ssl: { rejectUnauthorized: true },
  })
  if (typeof connection.password !== 'function') throw new Error('it asks for none')
  expect([await connection.password(), await connection.password()]).toEqual(['token', 'token'])
  expect(asked).toEqual(Array(2).fill({ hostname: 'db.example', port: 5432, username: 'daybook_reader' }))
})

test('what was made for it is told to nobody who does not prove who they are', async () => {
  const url = new URL(database.url)
  const { password } = url
  url.password = ''
  // This server has no certificate.
  const pool = ownerPool(url.href, { passwordOf: async () => decodeURIComponent(password) })
  await expect(pool.query('SELECT 1')).rejects.toThrow('does not support SSL')
  await pool.end()
})

test('a token of IAM names user and server, is signed, and lives for 15 minutes', async () => {
  Object.assign(process.env, { AWS_REGION: 'eu-west-2', AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' })
  const token = await iamPassword({ hostname: 'db.example', port: 5432, username: 'daybook_reader' })
  const { host, searchParams } = new URL(`https://${token}`)
  expect(host).toBe('db.example:5432')
  expect(Object.fromEntries(searchParams)).toMatchObject({
    Action: 'connect',
    DBUser: 'daybook_reader',
    'X-Amz-Expires': '900',
    'X-Amz-Credential': expect.stringContaining('/eu-west-2/rds-db/'),
    'X-Amz-Signature': expect.stringMatching(/^[0-9a-f]{64}$/),
  })
})
