import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool } from 'pg'
import { migrate } from '../../infra/postgres/migrate.ts'
import { readOnce } from '../../infra/postgres/one-read.ts'
import { ownerPool, readerPool } from '../../infra/postgres/pool.ts'
import { asReader } from '../../infra/postgres/reader.ts'
import type { Row } from '../../projections/change.ts'
import type { ReadDeps, WaitingClock } from '../../read-api/read-deps.ts'
import { freshDatabase } from '../engines/engines.ts'

export const realClock: WaitingClock = { now: () => performance.now(), sleep: (milliseconds) => sleep(milliseconds) }

export type Views = {
  /** The tables' owner, whom row-level security does not bind. */
  readonly owner: Pool
  /** Of the database. */
  readonly url: string
  readonly reads: Pick<ReadDeps, 'asReader' | 'readsOf'>
  /** Writes rows as they are given, all of the same columns. */
  readonly insert: (table: string, rows: ReadonlyArray<Row>) => Promise<void>
  readonly stop: () => Promise<void>
}

const insertInto =
  (owner: Pool) =>
  async (table: string, rows: ReadonlyArray<Row>): Promise<void> => {
    const columns = Object.keys(rows[0] ?? {})
    if (columns.length === 0) return
    await owner.query(
      `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM json_populate_recordset(NULL::${table}, $1::json)`,
      [JSON.stringify(rows)],
    )
  }

/** Empty views in a database of their own, read as the API reads them. */
export const startViews = async (): Promise<Views> => {
  const database = await freshDatabase()
  await migrate(database.url)
  const owner = ownerPool(database.url)
  const reader = readerPool(database.url)
  return {
    owner,
    url: database.url,
    reads: {
      asReader: (tenant, work) => asReader(reader, tenant, work),
      readsOf: (tenant) => ({ query: (statement) => readOnce(reader, tenant, statement) }),
    },
    insert: insertInto(owner),
    stop: async () => {
      await Promise.all([owner.end(), reader.end()])
      await database.drop()
    },
  }
}

export const orderRow = (row: Row): Row => ({
  tenant: 'acme',
  version: 1,
  status: 'placed',
  customer_id: '17850',
  country: 'United Kingdom',
  currency: 'GBP',
  placed_at: '2010-12-01T08:26:00.000Z',
  total: '139.12',
  line_count: 0,
  cancelled_at: null,
  cancellation_reason: null,
  ...row,
})

export const productRow = (row: Row): Row => ({
  tenant: 'acme',
  version: 1,
  status: 'active',
  name: 'WHITE HANGING HEART T-LIGHT HOLDER',
  category: null,
  price: '2.55',
  currency: 'GBP',
  images: '[]',
  discontinuation_reason: null,
  ...row,
})

export const salesRow = (row: Row): Row => ({
  tenant: 'acme',
  dimension: 'day',
  currency: 'GBP',
  day: '2011-01-04',
  key: '',
  invoices: 1,
  credit_notes: 0,
  bookings: 0,
  units: 1,
  gross: '1',
  credits: '0',
  adjustments: '0',
  ...row,
})
