import type { ReadModel } from '../../projections/read-model.ts'
import { inTransaction } from '../postgres/transaction.ts'
import { type Book, createBooks, readBook, turnTo } from './books.ts'
import { leastFor } from './draw.ts'
import { fill, fillThroughGate } from './fill.ts'
import { followAndSwitch, followerOf } from './follow.ts'
import { underLock } from './lock.ts'
import { register } from './register.ts'
import { retryParked } from './ring-parked.ts'
import { createShadow, finishShadow, hasSchema, isOfToday, schemaOf } from './shadow.ts'
import type { RebuildDeps, RebuildOptions, Rebuilt, Watch } from './terms.ts'
import { expectRight } from './verdict.ts'

const begin = (
  { pool, size }: RebuildDeps,
  model: ReadModel,
  schema: string,
  { segments, tenant, fromArchive = false }: RebuildOptions,
): Promise<void> =>
  inTransaction(pool, 'BEGIN', async (client) => {
    await createShadow(client, schema, model)
    const origin = fromArchive ? 'archive' : 'events'
    const all = { version: model.version, origin, segments, rarity: leastFor(size), phase: 'copying' } as const
    await createBooks(client, schema, { ...all, ...(tenant !== undefined && { tenant }) })
    if (fromArchive) await finishShadow(client, schema, model)
    await register(client, model.name)
  })

/** The book of an earlier run that can be gone on with. */
const unfinished = async (
  { pool }: RebuildDeps,
  model: ReadModel,
  schema: string,
  { tenant, restart, fromArchive = false }: RebuildOptions,
): Promise<Book | undefined> => {
  if (restart || !(await hasSchema(pool, schema))) return undefined
  const book = await readBook(pool, schema)
  const { rows } = await pool.query('SELECT FROM rebuilds WHERE projection = $1', [model.name])
  const origin = fromArchive ? 'archive' : 'events'
  const same =
    book?.origin === origin && book.version === model.version && book.tenant === (tenant ?? null) && rows.length > 0
  return same && (await isOfToday(pool, schema, model)) ? book : undefined
}

/**
 * Rebuilds a view beside the one that serves, verifies it and lets it serve. What was begun by an earlier run is gone on with. Until
 * the last step nothing that serves changes; whenever it rejects, the same call goes on where it stopped. Rejects with
 * `RebuildRefused` when another run is at work, or when what was built must not serve.
 */
export const rebuild = (deps: RebuildDeps, model: ReadModel, options: RebuildOptions, watch: Watch): Promise<Rebuilt> =>
  underLock(deps.pool, model.name, async () => {
    const { pool, decode, events } = deps
    const schema = schemaOf('rebuild', model.name)
    const earlier = await unfinished(deps, model, schema, options)
    if (earlier === undefined) await begin(deps, model, schema, options)
    const book = earlier ?? (await readBook(pool, schema))
    if (book === undefined) throw new Error(`${schema} was removed while it was being built`)
    watch.onStep({ _tag: 'Begun', resumed: earlier !== undefined, segments: book.segments })
    const filling = book.origin === 'archive' ? fillThroughGate : fill
    if (book.phase === 'copying') await filling(deps, model, schema, book, watch)
    if (book.phase !== 'following') {
      watch.signal.throwIfAborted()
      watch.onStep({ _tag: 'Verifying' })
      await expectRight({ model, decode, events, pool, schema }, book.origin)
      await turnTo(pool, schema, 'following')
    }
    if (earlier !== undefined) await retryParked(deps, model, schema)
    const { work, close } = followerOf(deps, model, schema, watch.signal, options.tenant)
    // What the archive did not hold yet may have been written by a projector that had not heard of the rebuild.
    const following = { ...work, unscanned: book.origin !== 'events' }
    try {
      return {
        projection: model.name,
        version: model.version,
        ...(await followAndSwitch(following, model.version, watch)),
      }
    } finally {
      await close()
    }
  })
