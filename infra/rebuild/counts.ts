import type { Pool } from 'pg'
import type { ReadModel } from '../../projections/read-model.ts'
import { checkpointTableOf } from '../views/checkpoint-table.ts'
import { qualified } from './shadow.ts'

export type Counts = {
  readonly streams: number
  readonly events: number
  /** By table. */
  readonly rows: { readonly [table: string]: number }
}

/** What a generation holds. */
export const countsOf = async (pool: Pick<Pool, 'query'>, model: ReadModel, schema: string): Promise<Counts> => {
  const count = async (table: string, what = 'count(*)'): Promise<number> => {
    const { rows } = await pool.query<{ count: string | number }>(
      `SELECT ${what} AS count FROM ${qualified(schema, table)}`,
    )
    return Number(rows[0]?.count ?? 0)
  }
  const checkpoints = checkpointTableOf(model.name)
  const rows: { [table: string]: number } = {}
  for (const { name } of model.tables) rows[name] = await count(name)
  return { streams: await count(checkpoints), events: await count(checkpoints, 'coalesce(sum(version), 0)'), rows }
}
