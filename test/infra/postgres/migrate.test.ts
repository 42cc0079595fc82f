import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { migrate } from '../../../infra/postgres/migrate.ts'
import { ownerPool, projectorPool, readerPool } from '../../../infra/postgres/pool.ts'
import { asReader } from '../../../infra/postgres/reader.ts'
import { postgresProjections } from '../../../projections/registry.ts'
import { freshDatabase } from '../../engines/engines.ts'

let database: { readonly url: string; readonly drop: () => Promise<void> }
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

describe('migrations', () => {
  test('several processes may run them at once: each runs once, and again there is nothing to do', async () => {
    const ran = await Promise.all([migrate(database.url), migrate(database.url), migrate(database.url)])
    expect(ran.filter((names) => names.length > 0)).toHaveLength(1)
    expect(ran.flat()).toContain('0001_views')
    expect(await migrate(database.url)).toEqual([])
  })

  test('give every table of the registry its columns, a primary key of its key, and row-level security', async () => {
    const pool = ownerPool(database.url)
    for (const { name, key, columns } of postgresProjections.flatMap(({ tables }) => tables)) {
      const { rows } = await pool.query(
        `SELECT c.relrowsecurity AS secured,
                (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a
                  WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
                (SELECT array_agg(a.attname::text ORDER BY array_position(i.indkey::int2[], a.attnum)) FROM pg_index i
                   JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
                  WHERE i.indrelid = c.oid AND i.indisprimary) AS key
           FROM pg_class c WHERE c.oid = $1::regclass`,
        [name],
      )
      expect(rows).toEqual([
        { secured: true, columns: expect.arrayContaining(Object.keys({ ...key, ...columns })), key: Object.keys(key) },
      ])
    }
    await pool.end()
    expect.assertions(postgresProjections.flatMap(({ tables }) => tables).length)
  })

  test('offer what protects the table of another view: projectors write it, a tenant reads its own rows', async () => {
    const owner = ownerPool(database.url)
    await owner.query('CREATE TABLE shelves (tenant text, n integer, PRIMARY KEY (tenant, n))')
    await owner.query(`SELECT daybook_protect_view('shelves')`)
    const projector = projectorPool(database.url)
    await projector.query(`INSERT INTO shelves VALUES ('acme', 1), ('beta', 2)`)
    await projector.query('UPDATE shelves SET n = n + 1')
    const reader = readerPool(database.url)
    const read = await asReader(reader, 'acme', (client) => client.query('SELECT * FROM shelves'))
    expect(read.rows).toEqual([{ tenant: 'acme', n: 2 }])
    await expect(reader.query('DELETE FROM shelves')).rejects.toThrow('permission denied')
    await Promise.all([owner.end(), projector.end(), reader.end()])
  })
})

test('products of before there were images have none afterwards, as a rebuild would find', async () => {
  const earlier = await mkdtemp(join(tmpdir(), 'daybook-migrations-'))
  for (const name of ['0001_views.sql', '0002_product_search.sql']) {
    await copyFile(join('infra/postgres/migrations', name), join(earlier, name))
  }
  const { url, drop } = await freshDatabase()
  expect(await migrate(url, earlier)).toEqual(['0001_views', '0002_product_search'])
  const pool = ownerPool(url)
  await pool.query(`INSERT INTO products VALUES ('acme', '71053', 1, 'active', 'Lantern', NULL, 3.39, 'GBP', NULL)`)
  expect(await migrate(url)).toContain('0003_product_images')
  expect((await pool.query('SELECT sku, images FROM products')).rows).toEqual([{ sku: '71053', images: '[]' }])
  await pool.end()
  await drop()
  await rm(earlier, { recursive: true })
})
