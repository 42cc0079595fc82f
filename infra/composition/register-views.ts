import type { Pool } from 'pg'
import { postgresProjections } from '../../projections/registry.ts'
import { productSearch } from '../../projections/views/product-search.ts'
import { registerProjections, registerServing } from '../rebuild/serving.ts'

/** A note of which projections serve, in a schema that is the newest. @param owner of the views. */
export const registerViews = async (owner: Pool): Promise<void> => {
  await registerProjections(owner, postgresProjections)
  // It has been there as long as the events, and another search engine is fed from the beginning.
  await registerServing(owner, productSearch.name, productSearch.version)
}
