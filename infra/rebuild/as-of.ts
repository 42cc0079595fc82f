import * as E from 'fp-ts/lib/Either.js'
import { project } from '../../projections/project.ts'
import type { ReadModel } from '../../projections/read-model.ts'
import type { CommitScan } from '../event-store/scan.ts'
import { inTransaction } from '../postgres/transaction.ts'
import { postgresViewStore } from '../views/postgres.ts'
import { backfill } from './backfill.ts'
import { createBooks, dropBooks, readSegments } from './books.ts'
import { countsOf } from './counts.ts'
import { nothingDrawn } from './draw.ts'
import { underLock } from './lock.ts'
import type { Ring } from './port.ts'
import { createShadow, finishShadow } from './shadow.ts'
import type { RebuildDeps, RebuildOptions, Rebuilt, Watch } from './terms.ts'

/** `sales_as_of_20110301t000000z` */
export const asOfSchema = (projection: string, time: Date): string =>
  `${projection.replaceAll('-', '_')}_as_of_${time
    .toISOString()
    .replaceAll(/[-:]|\.\d+/g, '')
    .toLowerCase()}`

/** A stream's commits in order, up to the first one that came after `time`. */
const upTo = (scan: CommitScan, time: string): CommitScan =>
  async function* (range) {
    for await (const page of scan(range)) {
      const commits = page.commits.filter(({ commit }) => E.isLeft(commit) || commit.right.time <= time)
      yield { ...page, commits }
    }
  }

export type AsOf = Omit<Rebuilt, 'caughtUp' | 'lockedMs'> & { readonly schema: string; readonly parked: number }

/**
 * Builds a view as it was at a moment of the past, in a schema of its own beside the one that serves, which it leaves alone. What had
 * been built under the same name is replaced. The moment is that of commits, not of the business.
 */
export const buildAsOf = (
  deps: RebuildDeps,
  model: ReadModel,
  time: Date,
  { segments, tenant }: RebuildOptions,
  { onStep, signal }: Watch,
): Promise<AsOf> => {
  const schema = asOfSchema(model.name, time)
  return underLock(deps.pool, schema, async () => {
    const { pool, decode, events, log } = deps
    await inTransaction(pool, 'BEGIN', async (client) => {
      await createShadow(client, schema, model)
      const book = {
        version: model.version,
        origin: 'events',
        tenant: tenant ?? null,
        phase: 'copying',
      } as const
      await createBooks(client, schema, { ...book, segments })
    })
    onStep({ _tag: 'Begun', resumed: false, segments })
    const left: Ring[] = []
    const work = {
      ...deps,
      scan: upTo(deps.scan, time.toISOString()),
      model,
      schema,
      segments,
      draw: nothingDrawn,
      leave: async (_: unknown, rings: ReadonlyArray<Ring>) => void left.push(...rings),
      onProgress: (items: number, folded: number) => onStep({ _tag: 'Read', items, events: folded }),
      signal,
      ...(tenant !== undefined && { tenant }),
    }
    await backfill(work, await readSegments(pool, schema))
    onStep({ _tag: 'Indexing' })
    await inTransaction(pool, 'BEGIN', async (client) => {
      await finishShadow(client, schema, model)
      await dropBooks(client, schema)
    })
    const own = deps.poolIn(schema)
    try {
      const views = postgresViewStore(own)
      await project(
        { views, events, log },
        model,
        left.map((ring) => ({ ...ring, commits: [] })),
        decode,
      )
      const counts = await countsOf(pool, model, schema)
      const parked = (await views.parked(model.name)).length
      return { schema, projection: model.name, version: model.version, ...counts, parked }
    } finally {
      await own.end()
    }
  })
}
