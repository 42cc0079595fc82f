import { postgresProjections } from '../../projections/registry.ts'
import { productSearch } from '../../projections/views/product-search.ts'

/** Names of all projections, wherever their views are. */
export const PROJECTION_NAMES: ReadonlyArray<string> = [...postgresProjections, productSearch].map(({ name }) => name)
