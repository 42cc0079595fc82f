import type { Pool } from 'pg'
import { afterAll, describe, expect, test } from 'vitest'
import { migrate } from '../../../infra/postgres/migrate.ts'
import { projectorPool, readerPool } from '../../../infra/postgres/pool.ts'
import { asReader } from '../../../infra/postgres/reader.ts'
import { postgresProducts } from '../../../infra/search/postgres.ts'
import { lantern, product } from '../../contracts/product-documents.ts'
import { productSearchContract } from '../../contracts/product-search.ts'
import { freshDatabase } from '../../engines/engines.ts'

const cleanups: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const cleanup of cleanups.toReversed()) await cleanup()
})

const databaseUrl = async (): Promise<string> => {
  const { url, drop } = await freshDatabase()
  cleanups.push(drop)
  return url
}

const open = (pool: Pool): Pool => {
  cleanups.push(() => pool.end())
  return pool
}

productSearchContract('Postgres', async () => {
  const url = await databaseUrl()
  await migrate(url)
  return postgresProducts({ pool: open(projectorPool(url)) })
})

describe('product search in Postgres', () => {
  test('a reader finds, but neither writes nor sees another tenant, even in a query that forgets the tenant', async () => {
    const url = await databaseUrl()
    await migrate(url)
    const search = postgresProducts({ pool: open(projectorPool(url)) })
    await search.write([product('acme', 1, lantern), product('other', 1, lantern)])

    const readers = open(readerPool(url))
    const reading = postgresProducts({ pool: readers })
    expect((await reading.search({ tenant: 'acme', q: 'lantern', limit: 10 })).total).toBe(1)
    expect(await reading.suggest('acme', 'lan', 10)).toEqual([lantern.name])
    expect(await reading.read([{ tenant: 'acme', sku: lantern.sku }])).toEqual([product('acme', 1, lantern)])
    await expect(reading.write([product('acme', 2, lantern)])).rejects.toThrow('permission denied')
    const tenants = await asReader(readers, 'acme', (client) => client.query('SELECT tenant FROM product_search'))
    expect(tenants.rows).toEqual([{ tenant: 'acme' }])
  })

  test('without its table it is not ready', async () => {
    expect(await postgresProducts({ pool: open(projectorPool(await databaseUrl())) }).ready()).toBe(false)
  })

  test('a database that is away is not ready, and everything asked of it rejects', async () => {
    const away = postgresProducts({ pool: open(projectorPool('postgres://127.0.0.1:1/away')) })
    expect(await away.ready()).toBe(false)
    await expect(away.write([product('acme', 1, lantern)])).rejects.toThrow()
    await expect(away.read([{ tenant: 'acme', sku: 'a' }])).rejects.toThrow()
    await expect(away.search({ tenant: 'acme', q: '', limit: 1 })).rejects.toThrow()
  })
})
