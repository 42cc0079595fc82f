import { productSearchModel } from '../../../projections/search-project.ts'
import { inTransaction } from '../../postgres/transaction.ts'
import { createBooks } from '../../rebuild/books.ts'
import { underLock } from '../../rebuild/lock.ts'
import { RebuildRefused } from '../../rebuild/refusal.ts'
import { register, unregister } from '../../rebuild/register.ts'
import { ringParked } from '../../rebuild/ring-parked.ts'
import { expectBuiltBy } from '../../rebuild/rollback.ts'
import { dropSchema, hasSchema, qualified, renameSchema, SERVING, schemaOf } from '../../rebuild/shadow.ts'
import type { Rebuilt, Watch } from '../../rebuild/terms.ts'
import { followAndSwitchIndex } from './follow.ts'
import { BOOKS, bookOf, isSwitched } from './rebuild.ts'
import type { IndexRebuildDeps } from './rings.ts'

const { name, version } = productSearchModel

const PREVIOUS = schemaOf('previous', name)

const expectUsable = async ({ pool, indexes }: IndexRebuildDeps): Promise<void> => {
  if (!(await hasSchema(pool, PREVIOUS)) || !(await indexes.has('previous'))) {
    throw new RebuildRefused(`there is no earlier generation of ${name} to go back to`)
  }
  await expectBuiltBy(pool, productSearchModel, PREVIOUS)
  if (!(await indexes.fits('previous'))) {
    throw new RebuildRefused(
      `a migration has changed the table of ${name} since: rebuild it with daybook replay ${name}`,
    )
  }
}

/** The books of the earlier generation take the place of those of one that is being built. */
const takeUp = ({ pool }: IndexRebuildDeps): Promise<void> =>
  inTransaction(pool, 'BEGIN', async (client) => {
    await renameSchema(client, PREVIOUS, BOOKS)
    await client.query(`DROP TABLE ${qualified(BOOKS, 'generation')}`)
    const book = { version, origin: 'rollback', segments: 0, phase: 'following' } as const
    await createBooks(client, BOOKS, book)
    await register(client, name)
  })

/**
 * Lets the index serve again that served before the last switch, after it has caught up with what happened since. The one that
 * serves now is kept in turn. Rejects with `RebuildRefused` when there is none, or none that can serve.
 */
export const rollbackIndex = (deps: IndexRebuildDeps, watch: Watch): Promise<Rebuilt> =>
  underLock(deps.pool, name, async () => {
    const { indexes } = deps
    const begun = await bookOf(deps)
    if (begun?.origin === 'events') {
      throw new RebuildRefused(
        `a replay of ${name} was begun and not finished: finish it with daybook replay ${name}, or drop it with --abandon`,
      )
    }
    if (begun === undefined) {
      await expectUsable(deps)
      await indexes.dropNext()
      await takeUp(deps)
    }
    const switched = begun !== undefined && (await isSwitched(deps, begun))
    watch.onStep({ _tag: 'Begun', resumed: begun !== undefined, segments: 0 })
    if (!switched && !(await indexes.has('next'))) await indexes.takeUpPrevious()
    await ringParked(deps, productSearchModel, SERVING)
    return followAndSwitchIndex(deps, { schema: BOOKS, version: begun?.version ?? version }, switched, watch)
  })

/** Drops what a replay that was not finished has built. What serves is not touched. Answers whether there was any. */
export const abandonIndex = (deps: IndexRebuildDeps): Promise<boolean> =>
  underLock(deps.pool, name, async () => {
    const book = await bookOf(deps)
    if (book !== undefined && (await isSwitched(deps, book))) {
      throw new RebuildRefused(
        `the index that was built of ${name} serves already: run the same replay again to end it`,
      )
    }
    const dropped = await inTransaction(deps.pool, 'BEGIN', async (client) => {
      await dropSchema(client, BOOKS)
      return unregister(client, name)
    })
    await deps.indexes.dropNext()
    return dropped
  })
