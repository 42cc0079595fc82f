import type { Pool } from 'pg'
import type { ProjectionStatus, Projections } from '../../read-api/projection-status.ts'
import { servingVersions } from '../rebuild/serving.ts'
import { PROJECTIONS } from './projections.ts'

const countParked = async (pool: Pool): Promise<ReadonlyMap<string, number>> => {
  const { rows } = await pool.query<{ projection: string; count: number }>(
    'SELECT projection, count(*) AS count FROM parked_streams GROUP BY projection',
  )
  return new Map(rows.map(({ projection, count }) => [projection, count]))
}

/** How far a projection is behind what feeds it, and how fast it follows. */
export type Following = Omit<ProjectionStatus, 'name' | 'version' | 'releasedVersion' | 'parkedStreams'>

/**
 * Every projection: what serves of it and what it has parked, as the views' own database tells, and how it follows. @param pool that sees
 * all tenants. @param at when it was found out how they follow.
 */
export const projectionsAt = async (
  pool: Pool,
  at: Date,
  followingOf: (name: string) => Following,
): Promise<Projections> => {
  const [parked, serving] = await Promise.all([countParked(pool), servingVersions(pool)])
  const projections = PROJECTIONS.map(({ name, version }) => ({
    name,
    version: serving.get(name) ?? version,
    releasedVersion: version,
    ...followingOf(name),
    parkedStreams: parked.get(name) ?? 0,
  }))
  return { asOf: at.toISOString(), projections }
}
