import { productSearchModel } from '../../../projections/search-project.ts'
import { turnTo } from '../../rebuild/books.ts'
import { dropSchema } from '../../rebuild/shadow.ts'
import { dropRetired, exchangeParked, makeRoom, settle } from '../../rebuild/switch.ts'
import type { Rebuilt, Watch } from '../../rebuild/terms.ts'
import { expectNoneParked } from '../../rebuild/verdict.ts'
import { whenFree } from '../../rebuild/when-free.ts'
import { postgresParkedStreams } from '../../views/postgres-parked.ts'
import { afterLastRings, catchUpWith, type Following, type IndexRebuildDeps } from './rings.ts'
import { survey } from './survey.ts'

const { name } = productSearchModel

/** What happened, in streams and in milliseconds. */
type Followed = Pick<Rebuilt, 'caughtUp' | 'lockedMs'>

/** Brings the next generation level and lets it serve. */
const switchIndex = async (next: Following, schema: string, { onStep }: Watch): Promise<Followed> => {
  const { pool, indexes } = next.deps
  const caughtUp = await catchUpWith(next, 'serving')
  await expectNoneParked({ pool, schema, model: productSearchModel })
  onStep({ _tag: 'Switching' })
  await turnTo(pool, schema, 'switching')
  const lockedMs = await whenFree(name, () => afterLastRings(next, () => indexes.serveNext()))
  return { caughtUp, lockedMs }
}

/**
 * Ends a rebuild whose index serves already: takes over what the earlier index got later than this one, from projectors who had
 * not heard of the rebuild when they received it, and then the streams that this one has parked.
 */
const settleIndex = async (serving: Following, schema: string, version: number): Promise<Followed> => {
  const { pool } = serving.deps
  await dropRetired(pool, name)
  const caughtUp = await catchUpWith(serving, 'previous')
  const lockedMs = await whenFree(name, () =>
    afterLastRings(serving, async (client) => {
      await makeRoom(client, name)
      await exchangeParked(client, name, schema)
      await settle(client, name, version)
    }),
  )
  await dropRetired(pool, name)
  return { caughtUp, lockedMs }
}

/**
 * Follows what was rung until the next index is level with the one that serves, then lets it serve.
 * @param switched an earlier run has come as far as that, but not to its end.
 */
export const followAndSwitchIndex = async (
  deps: IndexRebuildDeps,
  { schema, version }: { readonly schema: string; readonly version: number },
  switched: boolean,
  watch: Watch,
): Promise<Rebuilt> => {
  const own = deps.poolIn(schema)
  try {
    const following = { deps, parked: postgresParkedStreams(own), signal: watch.signal }
    watch.onStep({ _tag: 'CatchingUp' })
    const before = switched ? undefined : await switchIndex({ ...following, generation: 'next' }, schema, watch)
    const after = await settleIndex({ ...following, generation: 'serving' }, schema, version)
    await dropSchema(deps.pool, schema)
    const { counts } = await survey(deps.indexes.held('serving'), 0, Math.random)
    return {
      projection: name,
      version,
      ...counts,
      caughtUp: (before?.caughtUp ?? 0) + after.caughtUp,
      lockedMs: (before?.lockedMs ?? 0) + after.lockedMs,
    }
  } finally {
    await own.end()
  }
}
