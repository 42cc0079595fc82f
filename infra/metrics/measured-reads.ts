import type { ReadDeps } from '../../read-api/read-deps.ts'
import { METRICS } from './definitions.ts'
import type { Metrics } from './port.ts'

/** Notes in the metrics when `work` rejects: an engine is away, refuses or is broken. */
export const watching =
  (metrics: Metrics, dependency: 'postgres' | 'search') =>
  <A>(work: Promise<A>): Promise<A> =>
    work.catch((error: unknown) => {
      metrics.record(METRICS.dependencyFaults, { Dependency: dependency })
      throw error
    })

/** Reads of the views whose faults are counted. */
export const measuredReads = (
  { asReader, readsOf }: Pick<ReadDeps, 'asReader' | 'readsOf'>,
  metrics: Metrics,
): Pick<ReadDeps, 'asReader' | 'readsOf'> => {
  const watched = watching(metrics, 'postgres')
  return {
    asReader: (tenant, work) => watched(asReader(tenant, work)),
    readsOf: (tenant) => {
      const reads = readsOf(tenant)
      return { query: (statement) => watched(reads.query(statement)) }
    },
  }
}
