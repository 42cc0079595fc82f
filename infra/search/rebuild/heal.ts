import { productSearchModel, projectProducts } from '../../../projections/search-project.ts'
import type { StreamName } from '../../event-store/port.ts'
import { type Healed, type Healing, healBy } from '../../rebuild/heal.ts'
import { postgresParkedStreams } from '../../views/postgres-parked.ts'
import { patiently } from './patiently.ts'
import type { IndexRebuildDeps } from './rings.ts'

/** Heals a stream of the serving search index. */
export const healProduct = (deps: IndexRebuildDeps, stream: StreamName): Promise<Healed> => {
  const { pool, indexes, events, log } = deps
  const search = patiently(indexes.documents('serving'), new AbortController().signal)
  const parked = postgresParkedStreams(pool)
  const healing: Healing = {
    model: productSearchModel,
    progress: async (one) => {
      const [held] = await search.read([{ tenant: one.tenant, sku: one.id }])
      const [isParked = false] = await parked.areParked(productSearchModel.name, [one])
      return { checkpoint: held?.version ?? 0, parked: isParked }
    },
    apply: async (ring, parking) => {
      await projectProducts({ search, events, parked: parking, log }, [{ ...ring, commits: [] }])
    },
    parked,
  }
  return healBy(deps, healing, stream)
}
