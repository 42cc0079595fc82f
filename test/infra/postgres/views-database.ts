import type { Pool } from 'pg'
import { migrate } from '../../../infra/postgres/migrate.ts'
import { ownerPool, projectorPool } from '../../../infra/postgres/pool.ts'
import { checkpointTableOf } from '../../../infra/views/checkpoint-table.ts'
import type { Row } from '../../../projections/change.ts'
import { postgresProjections } from '../../../projections/registry.ts'
import { freshDatabase } from '../../engines/engines.ts'

export type ViewsDatabase = {
  readonly url: string
  /** Acts as the owner: sees every row. */
  readonly owner: Pool
  readonly projector: Pool
  readonly rows: (table: string, tenant?: string) => Promise<ReadonlyArray<Row>>
  /** Takes every row out of the views, their checkpoints and what is parked. */
  readonly empty: () => Promise<void>
  readonly close: () => Promise<void>
}

/** A database of its own with the newest schema, on the running Postgres. */
export const viewsDatabase = async (): Promise<ViewsDatabase> => {
  const { url, drop } = await freshDatabase()
  await migrate(url)
  const owner = ownerPool(url)
  const projector = projectorPool(url, { max: 8 })
  return {
    url,
    owner,
    projector,
    rows: async (table, tenant) => {
      const { rows } = await owner.query<Row>(`SELECT * FROM ${table} WHERE $1::text IS NULL OR tenant = $1`, [tenant])
      return rows
    },
    empty: async () => {
      const tables = postgresProjections.flatMap(({ name, tables }) => [
        checkpointTableOf(name),
        ...tables.map((table) => table.name),
      ])
      await owner.query(`TRUNCATE parked_streams, ${tables.join()}`)
    },
    close: async () => {
      await Promise.all([owner.end(), projector.end()])
      await drop()
    },
  }
}
