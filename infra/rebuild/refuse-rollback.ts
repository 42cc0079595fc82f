import type { Pool } from 'pg'
import type { ReadModel } from '../../projections/read-model.ts'
import type { Book } from './books.ts'
import { RebuildRefused } from './refusal.ts'
import { qualified } from './shadow.ts'

type Named = Pick<ReadModel, 'name' | 'version'>

/** Whatever was begun and is no rollback stands where the earlier generation would have to stand. */
export const expectNothingBegun = (begun: Book | undefined, { name }: Named): void => {
  if (begun === undefined || begun.origin === 'rollback') return
  throw new RebuildRefused(
    `a replay of ${name} was begun and not finished: finish it with daybook replay ${name}, or drop it with --abandon`,
  )
}

/** Another version of a projection would go on with a view that it has not built. */
const expectBuiltBy = async (pool: Pick<Pool, 'query'>, { name, version }: Named, previous: string): Promise<void> => {
  const { rows } = await pool.query<{ version: number }>(`SELECT version FROM ${qualified(previous, 'generation')}`)
  const built = rows[0]?.version
  if (built !== undefined && built !== version) {
    throw new RebuildRefused(
      `the earlier generation of ${name} was built by version ${built} of the projection, and this is version ${version}: start the release that has version ${built}, then roll back`,
    )
  }
}

/** What is known of the earlier generation, whatever engine holds it. */
export type Earlier = {
  /** The schema of its books. */
  readonly schema: string
  readonly isThere: () => Promise<boolean>
  /** Whether its tables are like those that serve. */
  readonly isOfToday: () => Promise<boolean>
}

/** Rejects with `RebuildRefused` where there is no earlier generation, or none that this release can go on with. */
export const expectUsable = async (
  pool: Pick<Pool, 'query'>,
  model: Named,
  { schema, isThere, isOfToday }: Earlier,
): Promise<void> => {
  const { name } = model
  if (!(await isThere())) throw new RebuildRefused(`there is no earlier generation of ${name} to go back to`)
  await expectBuiltBy(pool, model, schema)
  if (!(await isOfToday())) {
    throw new RebuildRefused(
      `a migration has changed the tables of ${name} since: rebuild it with daybook replay ${name}`,
    )
  }
}
