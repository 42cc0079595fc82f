import * as fc from 'fast-check'
import type { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { arrayLiteral } from '../../../infra/postgres/array-literal.ts'
import { ownerPool } from '../../../infra/postgres/pool.ts'
import { inTransaction } from '../../../infra/postgres/transaction.ts'
import { freshDatabase } from '../../engines/engines.ts'

let pool: Pool
let drop: () => Promise<void>
beforeAll(async () => {
  const database = await freshDatabase()
  pool = ownerPool(database.url)
  drop = database.drop
})
afterAll(async () => {
  await pool.end()
  await drop()
})

describe('values from Postgres', () => {
  test('come out exact: decimals as strings, whole numbers as numbers while they are exact, times in UTC', async () => {
    const { rows } = await pool.query(`
      SELECT 0.10::numeric AS decimal, 9007199254740991::bigint AS safe, 9007199254740993::bigint AS unsafe,
             count(*) AS count, '2011-03-27'::date AS day, '2011-03-27 01:30:00.1234+02'::timestamptz AS time,
             NULL::timestamptz AS never`)
    expect(rows).toEqual([
      {
        decimal: '0.10',
        safe: 9007199254740991,
        unsafe: '9007199254740993',
        count: 1,
        day: '2011-03-27',
        time: '2011-03-26T23:30:00.123Z',
        never: null,
      },
    ])
  })

  test('times are the same whatever time zone and date style the session has', async () => {
    const client = await pool.connect()
    await client.query("SET TIME ZONE 'Asia/Kolkata'")
    const { rows } = await client.query("SELECT '2011-06-30T20:08:00Z'::timestamptz AS time")
    client.release(true)
    expect(rows).toEqual([{ time: '2011-06-30T20:08:00.000Z' }])
  })

  test('texts and numbers arrive as they were sent in an array', async () => {
    const text = fc.option(
      fc.string({ unit: 'binary' }).map((any) => any.replaceAll('\u0000', '')),
      { nil: null },
    )
    const odd = fc.constantFrom('', 'NULL', 'null', '{}', '","', '\\', '"', " ' ", '\n', '😀')
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(text, odd)), fc.array(fc.maxSafeInteger()), async (texts, numbers) => {
        const { rows } = await pool.query('SELECT $1::text[] AS texts, $2::text[]::bigint[]::text[] AS numbers', [
          arrayLiteral(texts),
          arrayLiteral(numbers),
        ])
        expect(rows).toEqual([{ texts, numbers: numbers.map((number) => String(number + 0)) }])
      }),
      { numRuns: 50 },
    )
  })
})

test('a connection that breaks between two statements of a transaction fails that transaction and nothing else', async () => {
  const broken = inTransaction(pool, 'BEGIN', async (client) => {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
    const ended = new Promise((resolve) => client.once('end', resolve))
    await pool.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid])
    await ended
    await client.query('SELECT 1')
  })
  await expect(broken).rejects.toThrow()
  expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
})
