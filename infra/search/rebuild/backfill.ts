import type { Pool } from 'pg'
import type { RecordedEventsOf } from '../../../projections/recorded.ts'
import { keyOf, productSearchModel, streamOf } from '../../../projections/search-project.ts'
import type { CommitScan } from '../../event-store/scan.ts'
import { inTransaction } from '../../postgres/transaction.ts'
import { moveSegment, readSegments, SegmentOvertaken, type SegmentState } from '../../rebuild/books.ts'
import type { Pace } from '../../rebuild/pace.ts'
import type { Ring } from '../../rebuild/port.ts'
import { ring } from '../../rebuild/postgres-rings.ts'
import { sideBySide } from '../../rebuild/side-by-side.ts'
import type { ProductDocuments, VersionedProduct } from '../port.ts'
import { productFold } from './fold.ts'

export type IndexBackfill = {
  readonly decode: RecordedEventsOf
  readonly scan: CommitScan
  /** Of the next generation. */
  readonly documents: ProductDocuments
  /** Of the tables' owner. */
  readonly pool: Pool
  /** Where the books are. */
  readonly schema: string
  readonly segments: number
  readonly pace: Pace
  /** Items that were read and events that were folded since the last call. */
  readonly onProgress: (read: number, events: number) => void
  readonly signal: AbortSignal
}

/** Documents in one request. */
const BATCH = 1_000

const { name, streamTypes } = productSearchModel

const ringOf = ({ tenant, sku, version }: VersionedProduct): Ring => ({
  stream: streamOf({ tenant, sku }),
  through: version,
})

const eventsOf = (products: ReadonlyArray<VersionedProduct>): number =>
  products.reduce((sum, { version }) => sum + version, 0)

/**
 * Reads a segment to its end. Its position moves when what was found up to there is in the index: after a crash some documents are
 * written again, which their versions make harmless. A document that is refused concerns its stream alone: that one is rung, so that
 * the gate meets the same fault and parks it.
 */
const readSegment = async (work: IndexBackfill, { segment, after }: SegmentState): Promise<void> => {
  const { documents, pool, schema, pace, onProgress, signal } = work
  const fold = productFold(work.decode)
  let from = after
  const write = async (done: boolean): Promise<void> => {
    const { position, products, troubled } = fold.handOut()
    const failures = await documents.write(products)
    const refused = new Set(failures.map(keyOf))
    const left = products.filter((product) => refused.has(keyOf(product)))
    const events = eventsOf(products) - eventsOf(left)
    await inTransaction(pool, 'BEGIN', async (client) => {
      await moveSegment(client, schema, segment, { from, to: position, events, done })
      await ring(client, name, [...troubled, ...left.map(ringOf)])
    })
    from = position ?? from
    onProgress(0, events)
  }
  const pages = work.scan({
    segment,
    of: work.segments,
    streamTypes,
    ...(after !== undefined && { after }),
    ...(pace.pageSize !== undefined && { limit: pace.pageSize }),
  })
  for await (const { commits, read } of pages) {
    signal.throwIfAborted()
    for (const commit of commits) {
      fold.take(commit)
      if (fold.streams() >= BATCH) await write(false)
    }
    onProgress(read, 0)
    await pace.passed(read)
  }
  fold.end()
  await write(true)
}

/** A segment to its end, also where a run that was killed has moved it after all. */
const fillSegment = async (work: IndexBackfill, state: SegmentState): Promise<void> => {
  for (let now: SegmentState | undefined = state; now !== undefined && !now.done; ) {
    try {
      return await readSegment(work, now)
    } catch (error) {
      if (!(error instanceof SegmentOvertaken)) throw error
      now = (await readSegments(work.pool, work.schema)).find(({ segment }) => segment === state.segment)
    }
  }
}

/** Reads all segments that are not done, side by side, into the index. */
export const backfillIndex = (work: IndexBackfill, states: ReadonlyArray<SegmentState>): Promise<void> =>
  sideBySide(
    states.filter(({ done }) => !done),
    work.signal,
    (state, signal) => fillSegment({ ...work, signal }, state),
  )
