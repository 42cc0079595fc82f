import type { Pool } from 'pg'
import type { ReadModel } from '../../projections/read-model.ts'
import { checkpointTableOf } from '../views/checkpoint-table.ts'
import type { Ring } from './port.ts'
import { type RingRow, ringOf } from './postgres-rings.ts'
import { qualified } from './shadow.ts'

const BEHIND = (ahead: string, behind: string, parked: string): string => `
  SELECT a.tenant, a.stream_type, a.stream_id, a.version AS through
    FROM ${ahead} a
    LEFT JOIN ${behind} b ON (b.tenant, b.stream_type, b.stream_id) = (a.tenant, a.stream_type, a.stream_id)
   WHERE coalesce(b.version, 0) < a.version AND ($2::text IS NULL OR a.tenant = $2)
     AND NOT EXISTS (
       SELECT FROM ${parked} p
        WHERE p.projection = $1 AND (p.tenant, p.stream_type, p.stream_id) = (a.tenant, a.stream_type, a.stream_id))`

/** Two generations of a view, by their schemas. */
export type Apart = { readonly ahead: string; readonly behind: string }

/** Streams (of one tenant) of which one generation holds more than another, which has not parked them. */
export const streamsBehind = async (
  pool: Pick<Pool, 'query'>,
  { name }: Pick<ReadModel, 'name'>,
  { ahead, behind }: Apart,
  tenant?: string,
): Promise<ReadonlyArray<Ring>> => {
  const table = checkpointTableOf(name)
  const sql = BEHIND(qualified(ahead, table), qualified(behind, table), qualified(behind, 'parked_streams'))
  const { rows } = await pool.query<RingRow>(sql, [name, tenant])
  return rows.map(ringOf)
}
