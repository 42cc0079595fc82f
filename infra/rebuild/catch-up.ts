import type { Pool } from 'pg'
import { type ProjectDeps, project } from '../../projections/project.ts'
import type { ReadModel } from '../../projections/read-model.ts'
import type { RecordedEventsOf } from '../../projections/recorded.ts'
import { checkpointTableOf } from '../views/checkpoint-table.ts'
import type { Ring } from './port.ts'
import { forgetRings, ring, ringsOf } from './postgres-rings.ts'
import { qualified, SERVING } from './shadow.ts'

export type CatchUp = {
  readonly model: ReadModel
  readonly decode: RecordedEventsOf
  /** Whose views are those of the generation that catches up. */
  readonly deps: ProjectDeps
  readonly pool: Pool
  readonly schema: string
  /** Only this tenant's streams matter; default all. */
  readonly tenant?: string
  /** The generation was not filled by a scan that began after the rebuild was registered. */
  readonly unscanned?: boolean
  readonly signal: AbortSignal
}

/** Streams in one transaction. */
const BATCH = 500

const answer = async ({ model, decode, deps, pool }: CatchUp, rings: ReadonlyArray<Ring>): Promise<void> => {
  await project(
    deps,
    model,
    rings.map((rung) => ({ ...rung, commits: [] })),
    decode,
  )
  await forgetRings(pool, model.name, rings)
}

/** What was rung and not dealt with, at most `limit` streams. */
export const nextRings = ({ pool, model, tenant }: CatchUp, limit: number): Promise<ReadonlyArray<Ring>> =>
  ringsOf(pool, model.name, limit, tenant)

/** Applies what has been rung so far, until no more than `few` streams are left; answers how many were dealt with. */
export const answerRings = async (work: CatchUp, few: number): Promise<number> => {
  for (let answered = 0; ; ) {
    work.signal.throwIfAborted()
    const rings = await nextRings(work, BATCH)
    if (rings.length <= few) return answered
    await answer(work, rings)
    answered += rings.length
  }
}

const BEHIND = (serving: string, next: string, parked: string): string => `
  SELECT s.tenant, s.stream_type, s.stream_id, s.version AS through
    FROM ${serving} s
    LEFT JOIN ${next} n ON (n.tenant, n.stream_type, n.stream_id) = (s.tenant, s.stream_type, s.stream_id)
   WHERE coalesce(n.version, 0) < s.version AND ($2::text IS NULL OR s.tenant = $2)
     AND NOT EXISTS (
       SELECT FROM ${parked} p
        WHERE p.projection = $1 AND (p.tenant, p.stream_type, p.stream_id) = (s.tenant, s.stream_type, s.stream_id))`

type BehindRow = {
  readonly tenant: string
  readonly stream_type: string
  readonly stream_id: string
  readonly through: number
}

/** Streams of which the serving view holds more than this generation, and which this generation has not parked. */
export const streamsBehind = async ({ model, pool, schema, tenant }: CatchUp): Promise<ReadonlyArray<Ring>> => {
  const table = checkpointTableOf(model.name)
  const sql = BEHIND(qualified(SERVING, table), qualified(schema, table), qualified(schema, 'parked_streams'))
  const { rows } = await pool.query<BehindRow>(sql, [model.name, tenant])
  return rows.map(({ tenant, stream_type, stream_id, through }) => ({
    stream: { tenant, type: stream_type, id: stream_id },
    through,
  }))
}

/** Rings for every stream that the serving view holds more of; answers how many. */
export const ringBehind = async (work: CatchUp): Promise<number> => {
  const behind = await streamsBehind(work)
  for (let at = 0; at < behind.length; at += BATCH) await ring(work.pool, work.model.name, behind.slice(at, at + BATCH))
  return behind.length
}
