import type { ReadModel } from '../../projections/read-model.ts'
import { inTransaction } from '../postgres/transaction.ts'
import { backfill } from './backfill.ts'
import { createBooks, dropBooks, readSegments } from './books.ts'
import { applyRings, type CatchUp } from './catch-up.ts'
import { nothingDrawn } from './draw.ts'
import { followerOf } from './follow.ts'
import type { Ring } from './port.ts'
import { createShadow, finishShadow } from './shadow.ts'
import type { RebuildDeps, RebuildOptions, Watch } from './terms.ts'

/**
 * Folds all events into tables in a schema of their own, which never serve: nobody is told of it, and a run that was stopped is not gone
 * on with. What had been built under that name is replaced. @param then what is done with it.
 */
export const buildAside = async <A>(
  deps: RebuildDeps,
  model: ReadModel,
  schema: string,
  { segments, tenant }: Pick<RebuildOptions, 'segments' | 'tenant'>,
  { onStep, signal }: Watch,
  then: (built: CatchUp) => Promise<A>,
): Promise<A> => {
  const { pool } = deps
  await inTransaction(pool, 'BEGIN', async (client) => {
    await createShadow(client, schema, model)
    await createBooks(client, schema, { version: model.version, origin: 'events', segments, phase: 'copying' })
  })
  onStep({ _tag: 'Begun', resumed: false, segments })
  const left: Ring[] = []
  const work = {
    ...deps,
    model,
    schema,
    segments,
    draw: nothingDrawn,
    leave: async (_: unknown, rings: ReadonlyArray<Ring>) => void left.push(...rings),
    onProgress: (items: number, events: number) => onStep({ _tag: 'Read', items, events }),
    signal,
    ...(tenant !== undefined && { tenant }),
  }
  await backfill(work, await readSegments(pool, schema))
  signal.throwIfAborted()
  onStep({ _tag: 'Indexing' })
  await inTransaction(pool, 'BEGIN', async (client) => {
    await finishShadow(client, schema, model)
    await dropBooks(client, schema)
  })
  const { work: built, close } = followerOf(deps, model, schema, signal, tenant)
  try {
    await applyRings(built, left)
    return await then(built)
  } finally {
    await close()
  }
}
