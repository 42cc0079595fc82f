import type { ClientBase, Pool } from 'pg'
import type { ScanPosition } from '../event-store/scan.ts'
import { qualified } from './shadow.ts'

/**
 * `copying`: segments are being read. `verifying`: all are in and indexed. `following`: they were found right, and what was rung
 * meanwhile is being caught up with. `switching`: from any moment on it may serve; only for an index, whose switch is not in a
 * transaction with this.
 */
export type Phase = 'copying' | 'verifying' | 'following' | 'switching'

/** What a rebuild remembers of itself, so that it goes on after a crash. */
export type Book = {
  /** Version of the projection that is being built. */
  readonly version: number
  /** Segments that the scan was cut into. */
  readonly segments: number
  /** Filled from the event table, from the archive, or the generation that served before. */
  readonly origin: 'events' | 'archive' | 'rollback'
  /** Only this tenant is built; null: all are. */
  readonly tenant: string | null
  /** Shared rows that are at least so rare are in the sample (see draw.ts). */
  readonly rarity: number
  readonly phase: Phase
}

export type SegmentState = {
  readonly segment: number
  readonly after: ScanPosition | undefined
  readonly done: boolean
}

type Queries = Pick<ClientBase | Pool, 'query'>

/** What is not said is: all tenants, and every shared row. */
type NewBook = Omit<Book, 'tenant' | 'rarity'> & Partial<Book>

export const createBooks = async (client: ClientBase, schema: string, book: NewBook): Promise<void> => {
  const { version, origin, segments, tenant = null, rarity = 0, phase } = book
  await client.query(
    `CREATE TABLE ${qualified(schema, 'rebuild_book')} (
       version integer, origin text, segments integer, tenant text, rarity integer, phase text)`,
  )
  await client.query(`INSERT INTO ${qualified(schema, 'rebuild_book')} VALUES ($1, $2, $3, $4, $5, $6)`, [
    version,
    origin,
    segments,
    tenant,
    rarity,
    phase,
  ])
  await client.query(
    `CREATE TABLE ${qualified(schema, 'rebuild_segments')} (
       segment integer PRIMARY KEY, tenant text, stream_type text, stream_id text, version bigint,
       done boolean NOT NULL DEFAULT false, events bigint NOT NULL DEFAULT 0)`,
  )
  await client.query(
    `INSERT INTO ${qualified(schema, 'rebuild_segments')} (segment) SELECT generate_series(0, $1::int - 1)`,
    [segments],
  )
  await client.query(`CREATE TABLE ${qualified(schema, 'rebuild_drawn')} (rarity integer, change json NOT NULL)`)
}

export const readBook = async (pool: Queries, schema: string): Promise<Book | undefined> => {
  const { rows } = await pool.query<Book>(
    `SELECT version, origin, segments, tenant, rarity, phase FROM ${qualified(schema, 'rebuild_book')}`,
  )
  return rows[0]
}

export const turnTo = async (pool: Queries, schema: string, phase: Phase): Promise<void> => {
  await pool.query(`UPDATE ${qualified(schema, 'rebuild_book')} SET phase = $1`, [phase])
}

/** Turns from one phase to another, and answers whether it was still in that: it waits for another transaction that turns it. */
export const turnFrom = async (client: ClientBase, schema: string, from: Phase, to: Phase): Promise<boolean> => {
  const sql = `UPDATE ${qualified(schema, 'rebuild_book')} SET phase = $2 WHERE phase = $1`
  return (await client.query(sql, [from, to])).rowCount === 1
}

type SegmentRow = {
  readonly segment: number
  readonly tenant: string | null
  readonly stream_type: string | null
  readonly stream_id: string | null
  readonly version: number | null
  readonly done: boolean
}

const positionOf = ({ tenant, stream_type: type, stream_id: id, version }: SegmentRow): ScanPosition | undefined =>
  tenant === null || type === null || id === null || version === null
    ? undefined
    : { stream: { tenant, type, id }, version }

export const readSegments = async (pool: Queries, schema: string): Promise<ReadonlyArray<SegmentState>> => {
  const { rows } = await pool.query<SegmentRow>(
    `SELECT * FROM ${qualified(schema, 'rebuild_segments')} ORDER BY segment`,
  )
  return rows.map((row) => ({ segment: row.segment, after: positionOf(row), done: row.done }))
}

/** A segment is not where whoever reads it left it: a run that was killed has committed after all. */
export class SegmentOvertaken extends Error {
  override readonly name = 'SegmentOvertaken'
}

export type SegmentMove = {
  readonly from: ScanPosition | undefined
  /** Where it is now; undefined: where it was. */
  readonly to: ScanPosition | undefined
  readonly events: number
  readonly done: boolean
}

const valuesOf = (position: ScanPosition | undefined) => {
  const { stream, version } = position ?? {}
  return [stream?.tenant, stream?.type, stream?.id, version]
}

/**
 * Notes how far a segment has come, as the first thing in the transaction that copies what was found up to there: it waits for
 * another one that moves the segment. Rejects with `SegmentOvertaken` when the segment is not where the move begins.
 */
export const moveSegment = async (
  client: ClientBase,
  schema: string,
  segment: number,
  { from, to, events, done }: SegmentMove,
): Promise<void> => {
  const { rowCount } = await client.query(
    `UPDATE ${qualified(schema, 'rebuild_segments')}
        SET tenant = coalesce($2, tenant), stream_type = coalesce($3, stream_type), stream_id = coalesce($4, stream_id),
            version = coalesce($5, version), events = events + $6, done = $7
      WHERE segment = $1
        AND (tenant, stream_type, stream_id, version) IS NOT DISTINCT FROM ($8::text, $9::text, $10::text, $11::bigint)`,
    [segment, ...valuesOf(to), events, done, ...valuesOf(from)],
  )
  if (rowCount !== 1) throw new SegmentOvertaken(`segment ${segment} is not where it was left`)
}

/** Leaves the view alone, without what its building needed. */
export const dropBooks = async (client: ClientBase, schema: string): Promise<void> => {
  for (const table of ['rebuild_book', 'rebuild_segments', 'rebuild_drawn']) {
    await client.query(`DROP TABLE ${qualified(schema, table)}`)
  }
}

export const eventsFolded = async (pool: Queries, schema: string): Promise<number> => {
  const { rows } = await pool.query<{ events: string | number }>(
    `SELECT coalesce(sum(events), 0) AS events FROM ${qualified(schema, 'rebuild_segments')}`,
  )
  return Number(rows[0]?.events ?? 0)
}
