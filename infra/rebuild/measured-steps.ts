import { METRICS } from '../metrics/definitions.ts'
import type { Metrics } from '../metrics/port.ts'
import type { Step } from './terms.ts'

/** Tells the metrics how far a rebuild is. @param size items that it will read, more or less; 0 when that is not known. */
export const measuredSteps = (metrics: Metrics, projection: string, size: number): ((step: Step) => void) => {
  let read = 0
  const progress = (percent: number): void =>
    metrics.record(METRICS.rebuildProgress, { Projection: projection }, Math.min(percent, 100))
  return (step) => {
    switch (step._tag) {
      case 'Begun':
        return progress(0)
      case 'Read':
        read += step.items
        return progress(size > 0 ? (100 * read) / size : 0)
      default:
        return progress(100)
    }
  }
}
