import { escapeIdentifier } from 'pg'
import { productSearchModel } from '../../../projections/search-project.ts'
import { inTransaction } from '../../postgres/transaction.ts'
import { type Book, createBooks, eventsFolded, readBook, readSegments, turnTo } from '../../rebuild/books.ts'
import { underLock } from '../../rebuild/lock.ts'
import { RebuildRefused } from '../../rebuild/refusal.ts'
import { register } from '../../rebuild/register.ts'
import { retryParked } from '../../rebuild/ring-parked.ts'
import { createParked, dropSchema, hasSchema, schemaOf } from '../../rebuild/shadow.ts'
import type { RebuildOptions, Rebuilt, Watch } from '../../rebuild/terms.ts'
import { backfillIndex } from './backfill.ts'
import { followAndSwitchIndex } from './follow.ts'
import { patiently } from './patiently.ts'
import type { IndexRebuildDeps } from './rings.ts'
import { survey } from './survey.ts'
import { verifyIndex } from './verification.ts'

const { name, version } = productSearchModel

/** Where the books of the next generation are. */
export const BOOKS = schemaOf('rebuild', name)

/** Documents that are folded again. */
const SAMPLE = 200

/** A new index and new books. Books tell of an index that is there, so they go before it and come after it. */
const begin = async ({ pool, indexes }: IndexRebuildDeps, segments: number): Promise<void> => {
  await dropSchema(pool, BOOKS)
  await indexes.createNext()
  await inTransaction(pool, 'BEGIN', async (client) => {
    await client.query(`CREATE SCHEMA ${escapeIdentifier(BOOKS)}`)
    await createParked(client, BOOKS)
    await createBooks(client, BOOKS, { version, origin: 'events', segments, phase: 'copying' })
    await register(client, name)
  })
}

/** The book of an earlier run, if there is one. */
export const bookOf = async ({ pool }: Pick<IndexRebuildDeps, 'pool'>): Promise<Book | undefined> =>
  (await hasSchema(pool, BOOKS)) ? readBook(pool, BOOKS) : undefined

/** Whether what an earlier run has built serves already, and only the end of the run is missing. */
export const isSwitched = async ({ indexes }: IndexRebuildDeps, { phase }: Book): Promise<boolean> =>
  phase === 'switching' && !(await indexes.has('next'))

/** The book of an earlier run that can be gone on with. */
const unfinished = async (deps: IndexRebuildDeps): Promise<Book | undefined> => {
  const book = await bookOf(deps)
  const { rows } = await deps.pool.query('SELECT FROM rebuilds WHERE projection = $1', [name])
  if (book?.origin !== 'events' || rows.length === 0) return undefined
  if (await isSwitched(deps, book)) return book
  return book.version === version && (await deps.indexes.has('next')) && (await deps.indexes.fits('next'))
    ? book
    : undefined
}

/** Reads all events that are not read yet into the index. */
const fill = async (deps: IndexRebuildDeps, segments: number, { onStep, signal }: Watch): Promise<void> => {
  const work = {
    ...deps,
    documents: patiently(deps.indexes.documents('next'), signal),
    schema: BOOKS,
    segments,
    onProgress: (items: number, events: number) => onStep({ _tag: 'Read', items, events }),
    signal,
  }
  await backfillIndex(work, await readSegments(deps.pool, BOOKS))
  onStep({ _tag: 'Indexing' })
  await deps.indexes.finishNext()
  await turnTo(deps.pool, BOOKS, 'verifying')
}

const verify = async (deps: IndexRebuildDeps): Promise<void> => {
  const surveyed = await survey(deps.indexes.held('next'), SAMPLE, Math.random)
  await verifyIndex(
    { ...deps, documents: deps.indexes.documents('next') },
    surveyed,
    await eventsFolded(deps.pool, BOOKS),
  )
  await turnTo(deps.pool, BOOKS, 'following')
}

/**
 * Rebuilds the search index beside the one that serves, verifies it and lets it serve. What was begun by an earlier run is gone on
 * with. Until the last step nothing that serves changes; whenever it rejects, the same call goes on where it stopped. Rejects with
 * `RebuildRefused` when another run is at work, when what was built must not serve, for one tenant, or from the archive.
 */
export const rebuildIndex = async (
  deps: IndexRebuildDeps,
  { segments, tenant, fromArchive = false, restart = false }: RebuildOptions,
  watch: Watch,
): Promise<Rebuilt> => {
  if (tenant !== undefined) {
    throw new RebuildRefused(
      `${name} cannot be rebuilt for one tenant: all tenants' documents are in one index, which changes places as a whole; leave --tenant out, or name one --stream`,
    )
  }
  if (fromArchive) {
    throw new RebuildRefused(`${name} is rebuilt from the event table alone: leave --from-archive out`)
  }
  return underLock(deps.pool, name, async () => {
    const earlier = restart ? undefined : await unfinished(deps)
    if (earlier === undefined) await begin(deps, segments)
    const book = earlier ?? (await bookOf(deps))
    if (book === undefined) throw new Error(`${BOOKS} was removed while it was being built`)
    const switched = await isSwitched(deps, book)
    watch.onStep({ _tag: 'Begun', resumed: earlier !== undefined, segments: book.segments })
    if (book.phase === 'copying') await fill(deps, book.segments, watch)
    if (book.phase === 'copying' || book.phase === 'verifying') {
      watch.signal.throwIfAborted()
      watch.onStep({ _tag: 'Verifying' })
      await verify(deps)
    }
    if (earlier !== undefined) await retryParked(deps, productSearchModel, BOOKS)
    return followAndSwitchIndex(deps, { schema: BOOKS, version: book.version }, switched, watch)
  })
}
