import type { ClientBase, Pool } from 'pg'
import { keyOf, productSearchModel, projectProducts, streamOf } from '../../../projections/search-project.ts'
import { inTransaction } from '../../postgres/transaction.ts'
import type { Ring } from '../../rebuild/port.ts'
import { forgetRings, ring, ringsOf } from '../../rebuild/postgres-rings.ts'
import type { RebuildDeps } from '../../rebuild/terms.ts'
import { lockBriefly, NotNow } from '../../rebuild/when-free.ts'
import type { ParkedStreams } from '../../views/port.ts'
import type { Generation, ProductDocuments, ProductIndexes } from '../port.ts'
import { patiently } from './patiently.ts'

export type IndexRebuildDeps = RebuildDeps & { readonly indexes: ProductIndexes }

/** A generation that is being brought level with another. */
export type Following = {
  readonly deps: IndexRebuildDeps
  readonly generation: Generation
  /** What it cannot apply. */
  readonly parked: ParkedStreams
  readonly signal: AbortSignal
}

const { name } = productSearchModel

/** Streams in one bulk write. */
const BATCH = 500

/** Streams that may still be behind when the projectors are held up: a few milliseconds of work. */
const FEW = 25

/** Throws `NotNow` when the index cannot take some of the documents now. */
const answer = async (
  { deps: { events, log }, parked }: Following,
  search: ProductDocuments,
  queries: ClientBase | Pool,
  rings: ReadonlyArray<Ring>,
): Promise<void> => {
  const again = await projectProducts(
    { search, events, parked, log },
    rings.map((rung) => ({ ...rung, commits: [] })),
  )
  if (again.length > 0) throw new NotNow()
  await forgetRings(queries, name, rings)
}

/** Applies what has been rung so far, until no more than `few` streams are left; answers how many were dealt with. */
const answerRings = async (work: Following, few: number): Promise<number> => {
  const { deps, generation, signal } = work
  const documents = patiently(deps.indexes.documents(generation), signal)
  for (let answered = 0; ; ) {
    signal.throwIfAborted()
    const rings = await ringsOf(deps.pool, name, BATCH)
    if (rings.length <= few) return answered
    await answer(work, documents, deps.pool, rings)
    answered += rings.length
  }
}

/** Rings for every stream of which another generation holds more than this one, which has not parked it. */
const ringBehind = async ({ deps, generation, parked, signal }: Following, other: Generation): Promise<void> => {
  const documents = deps.indexes.documents(generation)
  for await (const page of deps.indexes.held(other)) {
    signal.throwIfAborted()
    const there = new Map((await documents.read(page)).map((product) => [keyOf(product), product.version]))
    const behind = page
      .filter((held) => (there.get(keyOf(held)) ?? 0) < held.version)
      .map((held) => ({ stream: streamOf(held), through: held.version }))
    const areParked = await parked.areParked(
      name,
      behind.map(({ stream }) => stream),
    )
    const free = behind.filter((_, nth) => areParked[nth] !== true)
    await ring(deps.pool, name, free)
  }
}

/** Brings a generation level with another, and with what was rung; answers how many streams were behind. */
export const catchUpWith = async (work: Following, other: Generation): Promise<number> => {
  await ringBehind(work, other)
  return answerRings(work, 0)
}

/**
 * Does what is to be done when nothing is left that was rung: projectors who have something to ring wait until the transaction ends.
 * Answers for how many milliseconds. Throws, with nothing changed, when there is no moment for it now (see `whenFree`).
 */
export const afterLastRings = async (work: Following, then: (client: ClientBase) => Promise<void>): Promise<number> => {
  const { deps, generation } = work
  await answerRings(work, FEW >> 1)
  return inTransaction(deps.pool, 'BEGIN', async (client) => {
    await lockBriefly(client, 'rebuild_rings')
    const lockedAt = performance.now()
    const rings = await ringsOf(client, name, FEW + 1)
    if (rings.length > FEW) throw new NotNow()
    await answer(work, deps.indexes.documents(generation), client, rings)
    await then(client)
    return performance.now() - lockedAt
  })
}
