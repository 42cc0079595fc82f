import { productSearchModel } from '../../../projections/search-project.ts'
import { inTransaction } from '../../postgres/transaction.ts'
import { underLock } from '../../rebuild/lock.ts'
import { RebuildRefused } from '../../rebuild/refusal.ts'
import { expectNothingBegun, expectUsable } from '../../rebuild/refuse-rollback.ts'
import { unregister } from '../../rebuild/register.ts'
import { retryParked, ringParked } from '../../rebuild/ring-parked.ts'
import { takeUp } from '../../rebuild/rollback.ts'
import { dropSchema, hasSchema, SERVING, schemaOf } from '../../rebuild/shadow.ts'
import type { Rebuilt, Watch } from '../../rebuild/terms.ts'
import { followAndSwitchIndex } from './follow.ts'
import { BOOKS, bookOf, isSwitched } from './rebuild.ts'
import type { IndexRebuildDeps } from './rings.ts'

const { name, version } = productSearchModel

const PREVIOUS = schemaOf('previous', name)

/**
 * Lets the index serve again that served before the last switch, after it has caught up with what happened since. The one that
 * serves now is kept in turn. Rejects with `RebuildRefused` when there is none, or none that can serve.
 */
export const rollbackIndex = (deps: IndexRebuildDeps, watch: Watch): Promise<Rebuilt> =>
  underLock(deps.pool, name, async () => {
    const { pool, indexes } = deps
    const begun = await bookOf(deps)
    expectNothingBegun(begun, productSearchModel)
    if (begun === undefined) {
      await expectUsable(pool, productSearchModel, {
        schema: PREVIOUS,
        isThere: async () => (await hasSchema(pool, PREVIOUS)) && (await indexes.has('previous')),
        isOfToday: () => indexes.fits('previous'),
      })
      await indexes.dropNext()
      await takeUp(pool, productSearchModel)
    }
    const switched = begun !== undefined && (await isSwitched(deps, begun))
    watch.onStep({ _tag: 'Begun', resumed: begun !== undefined, segments: 0 })
    if (!switched && !(await indexes.has('next'))) await indexes.takeUpPrevious()
    await ringParked(deps, productSearchModel, SERVING)
    await retryParked(deps, productSearchModel, BOOKS)
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
