import type { Commit } from '../event-store/port.ts'
import type { ParkedStreams } from '../views/port.ts'
import { METRICS } from './definitions.ts'
import type { Metrics } from './port.ts'

/** How projectors tell what became of batches. */
export type ProjectionMeasures = {
  /** A projection begins with its part of a batch; answers what is to be told when it is held, or has failed. */
  readonly begin: (projection: string) => {
    readonly applied: (commits: ReadonlyArray<Commit>) => void
    readonly failed: () => void
  }
}

export const unmeasured: ProjectionMeasures = { begin: () => ({ applied: () => {}, failed: () => {} }) }

const oldestOf = (commits: ReadonlyArray<Commit>): string | undefined => {
  let oldest: string | undefined
  for (const { time } of commits) if (oldest === undefined || time < oldest) oldest = time
  return oldest
}

/** @param clock epoch milliseconds. */
export const projectionMeasures = (metrics: Metrics, clock: () => number): ProjectionMeasures => ({
  begin: (projection) => {
    const from = performance.now()
    const ended = (outcome: 'applied' | 'failed'): void => {
      metrics.record(METRICS.projectionBatches, { Projection: projection, Outcome: outcome })
      metrics.record(METRICS.projectionDuration, { Projection: projection }, performance.now() - from)
    }
    return {
      applied: (commits) => {
        ended('applied')
        const oldest = oldestOf(commits)
        if (oldest === undefined) return
        metrics.record(METRICS.projectionLag, { Projection: projection }, Math.max(0, clock() - Date.parse(oldest)))
      },
      failed: () => ended('failed'),
    }
  },
})

/** The same, and counts every stream that is parked. */
export const measuredParking = <P extends Pick<ParkedStreams, 'park'>>(streams: P, metrics: Metrics): P => ({
  ...streams,
  park: async (parked) => {
    await streams.park(parked)
    metrics.record(METRICS.streamsParked, { Projection: parked.projection })
  },
})
