import type { ClientBase, Pool } from 'pg'
import type { StreamName } from '../event-store/port.ts'
import { arrayLiteral } from '../postgres/array-literal.ts'
import { checkpointTableOf } from './checkpoint-table.ts'
import type { Advance, Progress } from './port.ts'
import { streamArrays } from './stream-arrays.ts'

const progressOf = (table: string): string => `
  SELECT coalesce(c.version, 0) AS checkpoint, p.version IS NOT NULL AS parked
    FROM unnest($2::text[], $3::text[], $4::text[]) WITH ORDINALITY AS s (tenant, stream_type, stream_id, nth)
    LEFT JOIN ${table} c ON (c.tenant, c.stream_type, c.stream_id) = (s.tenant, s.stream_type, s.stream_id)
    LEFT JOIN parked_streams p
      ON (p.projection, p.tenant, p.stream_type, p.stream_id) = ($1, s.tenant, s.stream_type, s.stream_id)
   ORDER BY s.nth`

const startOf = (table: string): string => `
  INSERT INTO ${table} (tenant, stream_type, stream_id, version)
  SELECT s.tenant, s.stream_type, s.stream_id, s."to"
    FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) AS s (tenant, stream_type, stream_id, "to")
  ON CONFLICT DO NOTHING`

const moveOf = (table: string): string => `
  UPDATE ${table} c SET version = s."to"
    FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[])
      AS s (tenant, stream_type, stream_id, "from", "to")
   WHERE (c.tenant, c.stream_type, c.stream_id) = (s.tenant, s.stream_type, s.stream_id)
     AND c.version = s."from"`

/** One answer per stream, in their order. */
export const readProgress = async (
  pool: Pick<ClientBase | Pool, 'query'>,
  projection: string,
  streams: ReadonlyArray<StreamName>,
): Promise<ReadonlyArray<Progress>> => {
  const { rows } = await pool.query<Progress>(progressOf(checkpointTableOf(projection)), [
    projection,
    ...streamArrays(streams),
  ])
  return rows
}

const rankOf = ({ stream: { tenant, type, id } }: Advance): string => [tenant, type, id].join('#')

/**
 * Moves checkpoints that stand where their advances start and answers whether all did. Waits for a concurrent transaction
 * that moves one of them: the first to commit wins, and the other sees the checkpoint elsewhere.
 */
export const moveCheckpoints = async (
  client: ClientBase,
  projection: string,
  advances: ReadonlyArray<Advance>,
): Promise<boolean> => {
  const ordered = advances.toSorted((one, other) => (rankOf(one) < rankOf(other) ? -1 : 1))
  const fresh = ordered.filter(({ from }) => from === 0)
  const known = ordered.filter(({ from }) => from !== 0)
  const table = checkpointTableOf(projection)
  let moved = 0
  if (fresh.length > 0) {
    const to = arrayLiteral(fresh.map((advance) => advance.to))
    const { rowCount } = await client.query(startOf(table), [...streamArrays(fresh.map(({ stream }) => stream)), to])
    moved += rowCount ?? 0
  }
  if (known.length > 0) {
    const from = arrayLiteral(known.map((advance) => advance.from))
    const to = arrayLiteral(known.map((advance) => advance.to))
    const streams = streamArrays(known.map(({ stream }) => stream))
    const { rowCount } = await client.query(moveOf(table), [...streams, from, to])
    moved += rowCount ?? 0
  }
  return moved === advances.length
}
