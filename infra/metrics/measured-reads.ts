import type { ReadDeps } from '../../read-api/read-deps.ts'
import { METRICS } from './definitions.ts'
import type { Metrics } from './port.ts'

/** Reads of the views whose faults are counted: the engine is away, refuses or is broken. */
export const measuredReads = (
  { asReader, readsOf }: Pick<ReadDeps, 'asReader' | 'readsOf'>,
  metrics: Metrics,
): Pick<ReadDeps, 'asReader' | 'readsOf'> => {
  const measured = <A>(answer: Promise<A>): Promise<A> =>
    answer.catch((error: unknown) => {
      metrics.record(METRICS.dependencyFaults, { Dependency: 'postgres' })
      throw error
    })
  return {
    asReader: (tenant, work) => measured(asReader(tenant, work)),
    readsOf: (tenant) => {
      const reads = readsOf(tenant)
      return { query: (statement) => measured(reads.query(statement)) }
    },
  }
}
