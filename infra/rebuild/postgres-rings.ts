import type { ClientBase, Pool } from 'pg'
import { arrayLiteral } from '../postgres/array-literal.ts'
import { streamArrays } from '../views/stream-arrays.ts'
import { type StreamRow, streamOf } from '../views/stream-row.ts'
import type { Rebuilds, Ring } from './port.ts'

// In one order everywhere, so that two projectors never wait for each other in a circle.
const RING = `
  INSERT INTO rebuild_rings AS r (projection, tenant, stream_type, stream_id, through)
  SELECT $1, s.tenant, s.stream_type, s.stream_id, s.through
    FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[]) AS s (tenant, stream_type, stream_id, through)
   ORDER BY s.tenant COLLATE "C", s.stream_type COLLATE "C", s.stream_id COLLATE "C"
  ON CONFLICT (projection, tenant, stream_type, stream_id) DO UPDATE SET through = greatest(r.through, excluded.through)`

type Queries = Pick<ClientBase | Pool, 'query'>

const parametersOf = (projection: string, rings: ReadonlyArray<Ring>): ReadonlyArray<string> => [
  projection,
  ...streamArrays(rings.map(({ stream }) => stream)),
  arrayLiteral(rings.map(({ through }) => through)),
]

/** Notes streams for a rebuild, each with the highest version that was told. */
export const ring = async (queries: Queries, projection: string, rings: ReadonlyArray<Ring>): Promise<void> => {
  if (rings.length > 0) await queries.query(RING, [...parametersOf(projection, rings)])
}

/** Rebuilds as the projectors see them; `pool` acts as `daybook_projector`. */
export const postgresRebuilds = (pool: Pool): Rebuilds => ({
  underWay: async () => {
    const { rows } = await pool.query<{ projection: string }>({
      name: 'daybook_rebuilds',
      text: 'SELECT projection FROM rebuilds',
    })
    return new Set(rows.map(({ projection }) => projection))
  },
  ring: (projection, rings) => ring(pool, projection, rings),
})

export type RingRow = StreamRow & { readonly through: number }

export const ringOf = (row: RingRow): Ring => ({ stream: streamOf(row), through: row.through })

/** What was rung for a rebuild (of one tenant) and not yet dealt with, at most `limit` streams. */
export const ringsOf = async (
  pool: Queries,
  projection: string,
  limit: number,
  tenant?: string,
): Promise<ReadonlyArray<Ring>> => {
  const { rows } = await pool.query<RingRow>(
    `SELECT tenant, stream_type, stream_id, through FROM rebuild_rings
      WHERE projection = $1 AND ($3::text IS NULL OR tenant = $3) LIMIT $2`,
    [projection, limit, tenant],
  )
  return rows.map(ringOf)
}

const ANSWERED = `
  DELETE FROM rebuild_rings r
   USING unnest($2::text[], $3::text[], $4::text[], $5::bigint[]) AS s (tenant, stream_type, stream_id, through)
   WHERE r.projection = $1
     AND (r.tenant, r.stream_type, r.stream_id) = (s.tenant, s.stream_type, s.stream_id) AND r.through <= s.through`

/** Forgets rings that were dealt with; one that was rung again for a later version stays. */
export const forgetRings = async (pool: Queries, projection: string, rings: ReadonlyArray<Ring>): Promise<void> => {
  await pool.query(ANSWERED, [...parametersOf(projection, rings)])
}
