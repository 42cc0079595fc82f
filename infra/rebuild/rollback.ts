import type { Pool } from 'pg'
import type { ReadModel } from '../../projections/read-model.ts'
import { inTransaction } from '../postgres/transaction.ts'
import { createBooks, readBook } from './books.ts'
import { followAndSwitch, followerOf } from './follow.ts'
import { underLock } from './lock.ts'
import { RebuildRefused } from './refusal.ts'
import { register, unregister } from './register.ts'
import { retryParked, ringParked } from './ring-parked.ts'
import { dropSchema, hasSchema, isOfToday, qualified, renameSchema, SERVING, schemaOf } from './shadow.ts'
import type { RebuildDeps, Rebuilt, Watch } from './terms.ts'

/** Another version of a projection would go on with a view that it has not built. */
export const expectBuiltBy = async (
  pool: Pick<Pool, 'query'>,
  { name, version }: Pick<ReadModel, 'name' | 'version'>,
  previous: string,
): Promise<void> => {
  const { rows } = await pool.query<{ version: number }>(`SELECT version FROM ${qualified(previous, 'generation')}`)
  const built = rows[0]?.version
  if (built !== undefined && built !== version) {
    throw new RebuildRefused(
      `the earlier generation of ${name} was built by version ${built} of the projection, and this is version ${version}: start the release that has version ${built}, then roll back`,
    )
  }
}

const expectUsable = async ({ pool }: RebuildDeps, model: ReadModel, previous: string): Promise<void> => {
  const { name } = model
  if (!(await hasSchema(pool, previous))) {
    throw new RebuildRefused(`there is no earlier generation of ${name} to go back to`)
  }
  await expectBuiltBy(pool, model, previous)
  if (!(await isOfToday(pool, previous, model))) {
    throw new RebuildRefused(
      `a migration has changed the tables of ${name} since: rebuild it with daybook replay ${name}`,
    )
  }
}

/** The earlier generation takes the place of one that is being built, as if everything up to its switch were filled in. */
const takeUp = ({ pool }: RebuildDeps, { name, version }: ReadModel, previous: string, schema: string): Promise<void> =>
  inTransaction(pool, 'BEGIN', async (client) => {
    await dropSchema(client, schema)
    await renameSchema(client, previous, schema)
    await client.query(`DROP TABLE ${qualified(schema, 'generation')}`)
    const book = { version, origin: 'rollback', segments: 0, phase: 'following' } as const
    await createBooks(client, schema, book)
    await register(client, name)
  })

/**
 * Lets the generation that served before the last switch serve again, after it has caught up with what happened since. The one that
 * serves now is kept in turn. Rejects with `RebuildRefused` when there is none, or none that can serve.
 */
export const rollback = (deps: RebuildDeps, model: ReadModel, watch: Watch): Promise<Rebuilt> =>
  underLock(deps.pool, model.name, async () => {
    const { pool } = deps
    const schema = schemaOf('rebuild', model.name)
    const previous = schemaOf('previous', model.name)
    const begun = (await hasSchema(pool, schema)) ? await readBook(pool, schema) : undefined
    if (begun !== undefined && begun.origin !== 'rollback') {
      throw new RebuildRefused(
        `a replay of ${model.name} was begun and not finished: finish it with daybook replay ${model.name}, or drop it with --abandon`,
      )
    }
    if (begun === undefined) {
      await expectUsable(deps, model, previous)
      await takeUp(deps, model, previous, schema)
    }
    watch.onStep({ _tag: 'Begun', resumed: begun !== undefined, segments: 0 })
    await ringParked(deps, model, SERVING)
    await retryParked(deps, model, schema)
    const { work, close } = followerOf(deps, model, schema, watch.signal)
    try {
      const done = await followAndSwitch({ ...work, unscanned: true }, model.version, watch)
      return { projection: model.name, version: model.version, ...done }
    } finally {
      await close()
    }
  })

/** Drops what a replay that was not finished has built. What serves is not touched. Answers whether there was any. */
export const abandon = ({ pool }: Pick<RebuildDeps, 'pool'>, { name }: ReadModel): Promise<boolean> =>
  underLock(pool, name, () =>
    inTransaction(pool, 'BEGIN', async (client) => {
      await dropSchema(client, schemaOf('rebuild', name))
      return unregister(client, name)
    }),
  )
