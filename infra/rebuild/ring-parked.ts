import type { Pool } from 'pg'
import type { ReadModel } from '../../projections/read-model.ts'
import { type EventStore, lastVersion } from '../event-store/port.ts'
import { type StreamRow, streamOf } from '../views/stream-row.ts'
import { ring } from './postgres-rings.ts'
import { qualified } from './shadow.ts'

export type RingParked = { readonly pool: Pool; readonly events: Pick<EventStore, 'tail'> }

/** Rings for every stream that a generation has parked, as far as it has grown: its checkpoints do not tell. */
export const ringParked = async (
  { pool, events }: RingParked,
  { name, streamTypes }: Pick<ReadModel, 'name' | 'streamTypes'>,
  schema: string,
): Promise<void> => {
  const { rows } = await pool.query<StreamRow>(
    `SELECT tenant, stream_type, stream_id FROM ${qualified(schema, 'parked_streams')}
      WHERE projection = $1 AND stream_type = ANY ($2)`,
    [name, streamTypes],
  )
  for (const stream of rows.map(streamOf)) {
    const last = (await events.tail(stream, 1)).at(-1)
    if (last !== undefined) await ring(pool, name, [{ stream, through: lastVersion(last.commit) }])
  }
}

/** Lets a generation try again what it has parked: this build may be able to apply it. Rung first, so that a crash forgets none. */
export const retryParked = async (
  deps: RingParked,
  model: Pick<ReadModel, 'name' | 'streamTypes'>,
  schema: string,
): Promise<void> => {
  await ringParked(deps, model, schema)
  await deps.pool.query(`DELETE FROM ${qualified(schema, 'parked_streams')} WHERE projection = $1`, [model.name])
}
