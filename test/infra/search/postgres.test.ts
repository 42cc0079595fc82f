import { afterAll } from 'vitest'
import { migrate } from '../../../infra/postgres/migrate.ts'
import { projectorPool } from '../../../infra/postgres/pool.ts'
import type { ProductSearch } from '../../../infra/search/port.ts'
import { postgresProducts } from '../../../infra/search/postgres.ts'
import { productSearchContract } from '../../contracts/product-search.ts'
import { freshDatabase } from '../../engines/engines.ts'

const cleanups: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const cleanup of cleanups) await cleanup()
})

const fresh = async (): Promise<ProductSearch> => {
  const database = await freshDatabase()
  await migrate(database.url)
  const pool = projectorPool(database.url)
  cleanups.push(async () => {
    await pool.end()
    await database.drop()
  })
  return postgresProducts({ pool })
}

productSearchContract('Postgres', fresh)
