import * as RA from 'fp-ts/lib/ReadonlyArray.js'
import type { Pool } from 'pg'
import { type ProjectDeps, project } from '../../projections/project.ts'
import type { ReadModel } from '../../projections/read-model.ts'
import type { RecordedEventsOf } from '../../projections/recorded.ts'
import type { Ring } from './port.ts'
import { forgetRings, ring, ringsOf } from './postgres-rings.ts'
import { SERVING } from './shadow.ts'
import { streamsBehind } from './streams-behind.ts'

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

const batchesOf = (rings: ReadonlyArray<Ring>): ReadonlyArray<ReadonlyArray<Ring>> => RA.chunksOf(BATCH)(rings)

/** Applies rings through the gate. */
export const applyRings = async (
  { model, decode, deps, signal }: CatchUp,
  rings: ReadonlyArray<Ring>,
): Promise<void> => {
  for (const batch of batchesOf(rings)) {
    signal.throwIfAborted()
    await project(
      deps,
      model,
      batch.map((rung) => ({ ...rung, commits: [] })),
      decode,
    )
  }
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
    await applyRings(work, rings)
    await forgetRings(work.pool, work.model.name, rings)
    answered += rings.length
  }
}

/** Streams that this generation is behind with, and has not parked. */
export const behindServing = ({ pool, model, schema, tenant }: CatchUp): Promise<ReadonlyArray<Ring>> =>
  streamsBehind(pool, model, { ahead: SERVING, behind: schema }, tenant)

/** Rings for every stream that the serving view holds more of; answers how many. */
export const ringBehind = async (work: CatchUp): Promise<number> => {
  const behind = await behindServing(work)
  for (const batch of batchesOf(behind)) await ring(work.pool, work.model.name, batch)
  return behind.length
}
