import type { Doorbell } from '../../projections/doorbell.ts'
import { project } from '../../projections/project.ts'
import { partitionKeyOf } from '../event-store/keys.ts'
import { type Commit, lastVersion } from '../event-store/port.ts'
import type { CatchUp } from './catch-up.ts'

/** Commits in one transaction. */
const BATCH = 2_000

const doorbellOf = (commits: ReadonlyArray<Commit>): ReadonlyArray<Doorbell> =>
  commits.slice(0, 1).map(({ stream }) => ({ stream, commits, through: Math.max(...commits.map(lastVersion)) }))

const doorbellsOf = (commits: ReadonlyArray<Commit>): ReadonlyArray<Doorbell> =>
  [...Map.groupBy(commits, ({ stream }) => partitionKeyOf(stream)).values()].flatMap(doorbellOf)

/**
 * Fills a generation that has its indexes already with archived commits, which come in order of time and not stream by stream: so
 * through the live projector's gate. What the archive lacks, the gate gets from the event store; what was applied in an earlier run,
 * it drops. @param onProgress commits that were read, and events that were applied.
 */
export const fillFromArchive = async (
  work: CatchUp,
  archived: AsyncIterable<Commit>,
  onProgress: (commits: number, events: number) => void,
): Promise<void> => {
  const { model, tenant, deps, decode, signal } = work
  let batch: Commit[] = []
  let read = 0
  const apply = async (): Promise<void> => {
    signal.throwIfAborted()
    await project(deps, model, doorbellsOf(batch), decode)
    onProgress(
      read,
      batch.reduce((sum, { events }) => sum + events.length, 0),
    )
    batch = []
    read = 0
  }
  for await (const commit of archived) {
    read += 1
    const { stream } = commit
    if (model.streamTypes.includes(stream.type) && (tenant === undefined || tenant === stream.tenant))
      batch.push(commit)
    if (batch.length >= BATCH) await apply()
  }
  await apply()
}
