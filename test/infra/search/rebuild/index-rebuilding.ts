import type { Commit, EventStore, StoredEvent, StreamName } from '../../../../infra/event-store/port.ts'
import { postgresRebuilds } from '../../../../infra/rebuild/postgres-rings.ts'
import { registerServing } from '../../../../infra/rebuild/serving.ts'
import { rebuildIndex } from '../../../../infra/search/rebuild/rebuild.ts'
import type { IndexRebuildDeps } from '../../../../infra/search/rebuild/rings.ts'
import { postgresParkedStreams } from '../../../../infra/views/postgres-parked.ts'
import type { SearchProjectorDeps } from '../../../../projections/search-projector.ts'
import { everythingIn } from '../../../contracts/product-indexes.ts'
import { writableStore } from '../../../projections/commits.ts'
import { deliverToEnd, kinesisEventOf, searchProjectorOf } from '../../../projections/search-projector-under-test.ts'
import { type Book, depsOn, watch } from '../../rebuild/rebuilding.ts'
import type { IndexesWithViews } from '../indexes-under-test.ts'

export const indexDepsOn = (
  { database, indexes }: IndexesWithViews,
  book: Book,
  more: Partial<IndexRebuildDeps> = {},
): IndexRebuildDeps => ({ ...depsOn(database, book), indexes, ...more })

export const rebuiltIndex = (deps: IndexRebuildDeps, watching = watch(), restart = false) =>
  rebuildIndex(deps, { segments: 3, restart }, watching)

/** An index without documents that serves alone, and nothing begun or parked. */
export const emptiedIndex = async ({ database, indexes }: IndexesWithViews): Promise<void> => {
  await database.owner.query('TRUNCATE parked_streams, rebuilds, rebuild_rings, serving_projections')
  for (const schema of ['rebuild_product_search', 'previous_product_search']) {
    await database.owner.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`)
  }
  await registerServing(database.owner, 'product-search', 1)
  // Twice, so that the previous one is empty, too.
  for (let round = 0; round < 2; round += 1) {
    await indexes.createNext()
    await indexes.finishNext()
    await indexes.serveNext()
  }
}

/** The live projector on the serving index, which hands commits over as a feed does. */
export const liveSearchProjector = (
  { database, search }: IndexesWithViews,
  events: Pick<EventStore, 'read'>,
  more: Partial<SearchProjectorDeps> = {},
) => {
  const { projector } = database
  const { handle } = searchProjectorOf({
    search,
    events,
    parked: postgresParkedStreams(projector),
    rebuilds: postgresRebuilds(projector),
    ...more,
  })
  return (commits: ReadonlyArray<Commit>): Promise<void> => deliverToEnd(handle, kinesisEventOf(commits))
}

export const servedBy = async ({ indexes }: IndexesWithViews) => new Set(await everythingIn(indexes, 'serving'))

const price = (amount: string) => ({ amount, currency: 'GBP' })

export const added = (sku: string, name = `NAME OF ${sku}`): StoredEvent => ({
  type: 'ProductAdded',
  schemaVersion: 2,
  data: { sku, name, category: null, price: price('2.55'), images: [] },
})
export const priceChanged = (amount: string): StoredEvent => ({
  type: 'ProductPriceChanged',
  schemaVersion: 1,
  data: { price: price(amount) },
})
export const fromTheFuture: StoredEvent = { ...priceChanged('1'), schemaVersion: 2 }

export const productStream = (id: string): StreamName => ({ tenant: 'acme', type: 'product', id })

/** A book of products, to be written to at any time, one commit after the other. */
export const writableBook = () => {
  const { events, append } = writableStore()
  const commits: Commit[] = []
  let last: Promise<unknown> = Promise.resolve()
  return {
    events,
    commits,
    append: (sku: string, ...happened: ReadonlyArray<StoredEvent>): Promise<Commit> => {
      const appended = last.then(async () => {
        const commit = await append(productStream(sku), ...happened)
        commits.push(commit)
        return commit
      })
      last = appended.catch(() => {})
      return appended
    },
  }
}

/** Fails from its n-th use on, before or after the work was done, as a process does that was killed. */
export const mortal = (deps: IndexRebuildDeps, lives: number): IndexRebuildDeps => {
  let uses = 0
  const live = (): void => {
    uses += 1
    if (uses > lives) throw new Error('killed')
  }
  const lived =
    <Args extends ReadonlyArray<unknown>, A>(work: (...args: Args) => Promise<A>) =>
    async (...args: Args): Promise<A> => {
      live()
      const result = await work(...args)
      live()
      return result
    }
  const { indexes, scan } = deps
  return {
    ...deps,
    scan: async function* (range) {
      for await (const page of scan(range)) {
        live()
        yield page
      }
    },
    indexes: {
      ...indexes,
      documents: (generation) => {
        const { read, write } = indexes.documents(generation)
        return { read: lived(read), write: lived(write) }
      },
      held: async function* (generation) {
        for await (const page of indexes.held(generation)) {
          live()
          yield page
        }
      },
      has: lived(indexes.has),
      fits: lived(indexes.fits),
      createNext: lived(indexes.createNext),
      finishNext: lived(indexes.finishNext),
      dropNext: lived(indexes.dropNext),
      takeUpPrevious: lived(indexes.takeUpPrevious),
      serveNext: lived(indexes.serveNext),
    },
  }
}
