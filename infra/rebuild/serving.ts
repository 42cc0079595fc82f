import type { Pool } from 'pg'
import type { ReadModel } from '../../projections/read-model.ts'
import { checkpointTableOf } from '../views/checkpoint-table.ts'
import { qualified, SERVING } from './shadow.ts'

type Queries = Pick<Pool, 'query'>

/** Which version of each projection the serving views were built by; 0: the view was added to a book and never built. */
export const servingVersions = async (pool: Queries): Promise<ReadonlyMap<string, number>> => {
  const { rows } = await pool.query<{ projection: string; version: number }>(
    'SELECT projection, version FROM serving_projections',
  )
  return new Map(rows.map(({ projection, version }) => [projection, version]))
}

/** Takes a projection into the list of what serves, unless it is there. */
export const registerServing = async (pool: Queries, projection: string, version: number): Promise<void> => {
  await pool.query(
    'INSERT INTO serving_projections (projection, version) VALUES ($1, $2) ON CONFLICT (projection) DO NOTHING',
    [projection, version],
  )
}

const hasCheckpoints = async (pool: Queries, { name }: ReadModel): Promise<boolean> => {
  const table = qualified(SERVING, checkpointTableOf(name))
  const { rows } = await pool.query<{ some: boolean }>(`SELECT EXISTS (SELECT FROM ${table}) AS some`)
  return rows[0]?.some === true
}

/**
 * Takes projections that are new into the list of what serves. On an empty database they are complete by nature; where other views
 * hold something already, a new one lacks its past until it is rebuilt. @param pool of the tables' owner.
 */
export const registerProjections = async (pool: Queries, models: ReadonlyArray<ReadModel>): Promise<void> => {
  const known = await servingVersions(pool)
  const fresh = models.filter(({ name }) => !known.has(name))
  if (fresh.length === 0) return
  const filled = new Set<string>()
  for (const model of models) if (await hasCheckpoints(pool, model)) filled.add(model.name)
  for (const { name, version } of fresh) {
    const complete = filled.size === 0 || filled.has(name)
    await registerServing(pool, name, complete ? version : 0)
  }
}
