import type { Pool } from 'pg'
import type { ReadModel } from '../../projections/read-model.ts'
import { inTransaction } from '../postgres/transaction.ts'
import { createBooks, readBook } from './books.ts'
import { followAndSwitch, followerOf } from './follow.ts'
import { underLock } from './lock.ts'
import { expectNothingBegun, expectUsable } from './refuse-rollback.ts'
import { register, unregister } from './register.ts'
import { retryParked, ringParked } from './ring-parked.ts'
import { dropSchema, hasSchema, isOfToday, qualified, renameSchema, SERVING, schemaOf } from './shadow.ts'
import type { RebuildDeps, Rebuilt, Watch } from './terms.ts'

/** The earlier generation takes the place of one that is being built, as if everything up to its switch were filled in. */
export const takeUp = (pool: Pool, { name, version }: Pick<ReadModel, 'name' | 'version'>): Promise<void> =>
  inTransaction(pool, 'BEGIN', async (client) => {
    const schema = schemaOf('rebuild', name)
    await dropSchema(client, schema)
    await renameSchema(client, schemaOf('previous', name), schema)
    await client.query(`DROP TABLE ${qualified(schema, 'generation')}`)
    await createBooks(client, schema, { version, origin: 'rollback', segments: 0, phase: 'following' })
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
    expectNothingBegun(begun, model)
    if (begun === undefined) {
      await expectUsable(pool, model, {
        schema: previous,
        isThere: () => hasSchema(pool, previous),
        isOfToday: () => isOfToday(pool, previous, model),
      })
      await takeUp(pool, model)
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
