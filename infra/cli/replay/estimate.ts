import type { ReadModel } from '../../../projections/read-model.ts'
import type { Fold } from '../../rebuild/fold.ts'
import type { RebuildDeps } from '../../rebuild/terms.ts'

export type Estimate = {
  readonly projection: string
  /** Commits in the event table, of all streams: all are read. */
  readonly commits: number
  /** Read units of DynamoDB. */
  readonly readUnits: number
  /** By a sample that was read and folded just now; null where there is nothing to measure. */
  readonly commitsPerSecond: number | null
  readonly seconds: number | null
}

const MOST_COMMITS = 5_000

/** Reads and folds the beginning of the table to tell what a replay will take; writes nothing. */
export const estimate = async (
  { scan, size }: Pick<RebuildDeps, 'scan' | 'size'>,
  model: Pick<ReadModel, 'name' | 'streamTypes'>,
  fold: Pick<Fold, 'take'>,
  maxReadRate: number | undefined,
): Promise<Estimate> => {
  const begin = performance.now()
  let read = 0
  let units = 0
  for await (const page of scan({ segment: 0, of: 1, streamTypes: model.streamTypes })) {
    for (const commit of page.commits) fold.take(commit)
    read += page.read
    units += page.units
    if (read >= MOST_COMMITS) break
  }
  const measured = read === 0 ? null : (read / (performance.now() - begin)) * 1_000
  const commitsPerSecond = measured === null ? null : Math.min(measured, maxReadRate ?? measured)
  return {
    projection: model.name,
    commits: size,
    readUnits: read === 0 ? 0 : Math.ceil((units / read) * size),
    commitsPerSecond: commitsPerSecond === null ? null : Math.round(commitsPerSecond),
    seconds: commitsPerSecond === null ? null : Math.ceil(size / commitsPerSecond),
  }
}

export const estimateInWords = ({ projection, commits, readUnits, seconds }: Estimate): string =>
  `${projection}: about ${commits} commits (${readUnits} read units) to read${seconds === null ? '' : `, some ${seconds} s`}; nothing was changed\n`
