import * as E from 'fp-ts/lib/Either.js'
import type { Pool } from 'pg'
import type { Change } from '../../projections/change.ts'
import type { ReadModel } from '../../projections/read-model.ts'
import type { RecordedEventsOf } from '../../projections/recorded.ts'
import type { EventStore, StreamName } from '../event-store/port.ts'
import { checkpointTableOf } from '../views/checkpoint-table.ts'
import { type StreamRow, streamOf } from '../views/stream-row.ts'
import { eventsFolded } from './books.ts'
import type { Difference } from './differences.ts'
import { drawnChanges } from './drawn-changes.ts'
import { differencesFrom } from './reference.ts'
import { qualified } from './shadow.ts'

export type Verification = {
  readonly model: ReadModel
  readonly decode: RecordedEventsOf
  readonly events: Pick<EventStore, 'read'>
  readonly pool: Pick<Pool, 'query'>
  readonly schema: string
}

/** Streams whose owned rows are folded again. */
const STREAMS = 100

export type Checkpoint = { readonly stream: StreamName; readonly version: number }

/** Streams that a generation holds, drawn at random. */
export const sampleOfStreams = async (
  { pool, schema, model }: Verification,
  count: number,
): Promise<ReadonlyArray<Checkpoint>> => {
  const { rows } = await pool.query<StreamRow & { readonly version: number }>(
    `SELECT tenant, stream_type, stream_id, version FROM ${qualified(schema, checkpointTableOf(model.name))}
      ORDER BY random() LIMIT $1`,
    [count],
  )
  return rows.map((row) => ({ stream: streamOf(row), version: row.version }))
}

/** Everything that a stream's events up to a version do to the view. */
export const changesOf = async (
  { events, decode, model }: Pick<Verification, 'events' | 'decode' | 'model'>,
  { stream, version }: Checkpoint,
): Promise<ReadonlyArray<Change>> => {
  const changes: Change[] = []
  for await (const { commit } of events.read(stream, { through: version })) {
    const recorded = decode(commit)
    if (E.isLeft(recorded)) throw new Error(`${stream.type} ${stream.id}: ${recorded.left.reason}`)
    changes.push(...recorded.right.flatMap(model.changesOf))
  }
  return changes
}

export const ofOwnedTables = (model: ReadModel) => model.tables.filter(({ rows }) => rows === 'owned')
export const ofSharedTables = (model: ReadModel) => model.tables.filter(({ rows }) => rows === 'shared')

/** Rows of a sample of streams, each stream read anew from the event store. */
export const verifyStreams = async (work: Verification, count = STREAMS): Promise<ReadonlyArray<Difference>> => {
  const tables = ofOwnedTables(work.model)
  if (tables.length === 0) return []
  const sample = await sampleOfStreams(work, count)
  const differences: Difference[] = []
  for (const checkpoint of sample) {
    const changes = await changesOf(work, checkpoint)
    differences.push(...(await differencesFrom(work.pool, work.schema, tables, changes)))
  }
  return differences
}

/** Shared rows that were drawn, each from all the changes that concerned it. */
export const verifyDrawn = async (work: Verification): Promise<ReadonlyArray<Difference>> => {
  const changes = await drawnChanges(work.pool, work.schema)
  return differencesFrom(work.pool, work.schema, ofSharedTables(work.model), changes)
}

/** Events that the checkpoints stand for, less those that the backfill has folded: 0 when none was lost or doubled. */
export const countDifference = async ({ pool, schema, model }: Verification): Promise<number> => {
  const { rows } = await pool.query<{ events: string | number }>(
    `SELECT coalesce(sum(version), 0) AS events FROM ${qualified(schema, checkpointTableOf(model.name))}`,
  )
  return Number(rows[0]?.events ?? 0) - (await eventsFolded(pool, schema))
}
