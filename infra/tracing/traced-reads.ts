import type { ReadDeps } from '../../read-api/read-deps.ts'
import { inSpan } from './spans.ts'

const about = (name: string) => ({ 'db.system.name': 'postgresql', 'db.query.summary': name })

/** Reads of the views that are steps of the current trace. */
export const tracedReads = ({
  asReader,
  readsOf,
}: Pick<ReadDeps, 'asReader' | 'readsOf'>): Pick<ReadDeps, 'asReader' | 'readsOf'> => ({
  asReader: (tenant, work) => inSpan('query', about('snapshot'), () => asReader(tenant, work)),
  readsOf: (tenant) => {
    const reads = readsOf(tenant)
    return { query: (statement) => inSpan('query', about(statement.name), () => reads.query(statement)) }
  },
})
