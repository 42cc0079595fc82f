import { type ClientBase, DatabaseError } from 'pg'
import type { ReadModel } from '../../projections/read-model.ts'
import { isFaultOfValues } from '../postgres/faults.ts'
import { inTransaction } from '../postgres/transaction.ts'
import { backfill } from './backfill.ts'
import { type Book, readSegments, turnFrom, turnTo } from './books.ts'
import { drawFrom } from './draw.ts'
import { keptByRarity } from './drawn-changes.ts'
import { fillFromArchive } from './fill-from-archive.ts'
import { followerOf } from './follow.ts'
import type { Ring } from './port.ts'
import { ring } from './postgres-rings.ts'
import { RebuildRefused } from './refusal.ts'
import { finishShared, finishWhole, hasSums, sumUpParts } from './shadow.ts'
import type { RebuildDeps, Watch } from './terms.ts'

/** Reads the archive into the generation. */
export const fillThroughGate = async (
  deps: RebuildDeps,
  model: ReadModel,
  schema: string,
  { tenant }: Book,
  { onStep, signal }: Watch,
): Promise<void> => {
  const { work, close } = followerOf(deps, model, schema, signal, tenant ?? undefined)
  const onProgress = (items: number, events: number) => onStep({ _tag: 'Read', items, events })
  await fillFromArchive(work, deps.archive(), onProgress).finally(close)
  await turnTo(deps.pool, schema, 'verifying')
}

const both = async (works: ReadonlyArray<Promise<void>>): Promise<void> => {
  for (const one of await Promise.allSettled(works)) if (one.status === 'rejected') throw one.reason
}

/**
 * Finishes a generation in two transactions side by side, while nobody else has work for the processors. What the one beside does is
 * committed first, and a run that goes on behind one that was killed between the two finds it done.
 */
const finishSideBySide = async (
  { pool }: Pick<RebuildDeps, 'pool'>,
  client: ClientBase,
  schema: string,
  model: ReadModel,
): Promise<void> => {
  const beside = (work: (client: ClientBase) => Promise<void>): Promise<void> =>
    inTransaction(pool, 'BEGIN', async (other) => {
      // The transaction of a run that was killed may be just about to commit.
      await other.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`finishing ${schema}`])
      await work(other)
    })
  const otherHalf = async (other: ClientBase): Promise<void> => {
    if (!(await hasSums(other, schema, model))) await sumUpParts(other, schema, model, 1)
  }
  await both([beside(otherHalf), sumUpParts(client, schema, model, 0)])
  await both([beside((other) => finishWhole(other, schema, model)), finishShared(client, schema, model)])
}

/** Reads all events that are not read yet into the generation, and makes its indexes. */
export const fill = async (
  deps: RebuildDeps,
  model: ReadModel,
  schema: string,
  { segments, tenant, rarity }: Book,
  { onStep, signal }: Watch,
): Promise<void> => {
  const work = {
    ...deps,
    model,
    schema,
    segments,
    draw: drawFrom(rarity, await keptByRarity(deps.pool, schema)),
    leave: (client: ClientBase, rings: ReadonlyArray<Ring>) => ring(client, model.name, rings),
    onProgress: (items: number, events: number) => onStep({ _tag: 'Read', items, events }),
    signal,
    ...(tenant !== null && { tenant }),
  }
  await backfill(work, await readSegments(deps.pool, schema))
  signal.throwIfAborted()
  onStep({ _tag: 'Indexing' })
  try {
    await inTransaction(deps.pool, 'BEGIN', async (client) => {
      // A run that was killed while it did this may have committed it after all.
      if (await turnFrom(client, schema, 'copying', 'verifying')) await finishSideBySide(deps, client, schema, model)
    })
  } catch (error) {
    // A key that two streams have, or a sum that a constraint forbids: which stream is at fault, nobody can tell.
    if (!(error instanceof DatabaseError) || !isFaultOfValues(error)) throw error
    throw new RebuildRefused(
      `its tables refuse what was folded: ${error.message}${error.detail ? ` (${error.detail})` : ''}`,
    )
  }
}
