import { METRICS } from '../metrics/definitions.ts'
import type { Metrics } from '../metrics/port.ts'
import { inSpan } from '../tracing/spans.ts'
import { InvalidCursor, type ProductSearch } from './port.ts'

/** A search whose queries are steps of the current trace, and whose faults are counted. */
export const observedSearch = (search: ProductSearch, metrics: Metrics): ProductSearch => {
  const observed = <A>(name: string, ask: () => Promise<A>): Promise<A> =>
    inSpan('query', { 'db.system.name': search.engine, 'db.query.summary': name }, ask).catch((error: unknown) => {
      if (!(error instanceof InvalidCursor)) metrics.record(METRICS.dependencyFaults, { Dependency: 'search' })
      throw error
    })
  return {
    ...search,
    search: (query) => observed('search', () => search.search(query)),
    suggest: (tenant, prefix, limit) => observed('suggest', () => search.suggest(tenant, prefix, limit)),
  }
}
