import type { ProductSearch } from '../../infra/search/port.ts'
import type { ReadDeps } from '../read-deps.ts'

/** What queries of the product index need beside what all queries do. */
export type SearchDeps = ReadDeps & {
  readonly search: Pick<ProductSearch, 'read' | 'refresh' | 'search' | 'suggest'>
}
