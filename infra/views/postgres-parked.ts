import type { Pool } from 'pg'
import type { ParkedStream, ParkedStreams } from './port.ts'
import { streamArrays } from './stream-arrays.ts'
import { type StreamRow, streamOf } from './stream-row.ts'

type ParkedRow = StreamRow & { readonly version: number; readonly error: string; readonly attempts: number }

const PARK = `
  INSERT INTO parked_streams AS p (projection, tenant, stream_type, stream_id, version, error, attempts)
  VALUES ($1, $2, $3, $4, $5, $6, 1)
  ON CONFLICT (projection, tenant, stream_type, stream_id)
  DO UPDATE SET version = excluded.version, error = excluded.error, attempts = p.attempts + 1, parked_at = now()`

const UNPARK = `
  DELETE FROM parked_streams WHERE projection = $1 AND tenant = $2 AND stream_type = $3 AND stream_id = $4`

const PARKED = `
  SELECT tenant, stream_type, stream_id, version, error, attempts FROM parked_streams
   WHERE projection = $1 ORDER BY parked_at, tenant, stream_type, stream_id`

const ARE_PARKED = `
  SELECT p.version IS NOT NULL AS parked
    FROM unnest($2::text[], $3::text[], $4::text[]) WITH ORDINALITY AS s (tenant, stream_type, stream_id, nth)
    LEFT JOIN parked_streams p
      ON (p.projection, p.tenant, p.stream_type, p.stream_id) = ($1, s.tenant, s.stream_type, s.stream_id)
   ORDER BY s.nth`

/** The dead letters in Postgres; `pool` acts as `daybook_projector`. */
export const postgresParkedStreams = (pool: Pool): ParkedStreams => ({
  park: async ({ projection, stream, version, error }) => {
    // Text in PostgreSQL cannot hold a NUL, and what a foreign error says may.
    const text = error.replaceAll('\u0000', '\uFFFD')
    await pool.query(PARK, [projection, stream.tenant, stream.type, stream.id, version, text])
  },
  unpark: async (projection, { tenant, type, id }) => {
    const { rowCount } = await pool.query(UNPARK, [projection, tenant, type, id])
    return rowCount === 1
  },
  parked: async (projection) => {
    const { rows } = await pool.query<ParkedRow>(PARKED, [projection])
    return rows.map((row): ParkedStream => {
      const { version, error, attempts } = row
      return { projection, stream: streamOf(row), version, error, attempts }
    })
  },
  areParked: async (projection, streams) => {
    const { rows } = await pool.query<{ parked: boolean }>(ARE_PARKED, [projection, ...streamArrays(streams)])
    return rows.map(({ parked }) => parked)
  },
})
