import * as E from 'fp-ts/lib/Either.js'
import { type Commit, CorruptCommit, type EventStore, lastVersion, type StreamName } from '../infra/event-store/port.ts'
import type { Change } from './change.ts'
import type { Doorbell } from './doorbell.ts'
import { contiguous } from './gate.ts'
import { reasonOf } from './log.ts'
import type { ReadModel } from './read-model.ts'
import type { RecordedEventsOf } from './recorded.ts'

/** What one commit does to a view. */
export type Step = { readonly from: number; readonly to: number; readonly changes: ReadonlyArray<Change> }

/** Why a stream can go no further, and the version of the first event that it cannot take. */
export type Stuck = { readonly version: number; readonly error: string }

/** What is to be done to a view for one stream: its steps in order, and what ends them for good. */
export type Pending = { readonly stream: StreamName; readonly steps: ReadonlyArray<Step>; readonly stuck?: Stuck }

type Found = { readonly commits: ReadonlyArray<Commit>; readonly stuck?: Stuck }

const endOf = (checkpoint: number, commits: ReadonlyArray<Commit>): number => {
  const last = commits.at(-1)
  return last === undefined ? checkpoint : lastVersion(last)
}

const readRest = async (events: Pick<EventStore, 'read'>, doorbell: Doorbell, checkpoint: number): Promise<Found> => {
  const commits: Commit[] = []
  const stuck = (error: string): Found => ({ commits, stuck: { version: endOf(checkpoint, commits) + 1, error } })
  try {
    for await (const { commit } of events.read(doorbell.stream, { after: checkpoint, through: doorbell.through })) {
      commits.push(commit)
    }
  } catch (error) {
    if (error instanceof CorruptCommit) return stuck(error.message)
    throw error
  }
  const end = endOf(checkpoint, commits)
  return end < doorbell.through
    ? stuck(`the event store ends at version ${end}, but the feed told of version ${doorbell.through}`)
    : { commits }
}

/** The commits that come next: those that were delivered, or what the event store holds when one is missing among them. */
const findNext = async (events: Pick<EventStore, 'read'>, doorbell: Doorbell, checkpoint: number): Promise<Found> => {
  if (doorbell.through <= checkpoint) return { commits: [] }
  const delivered = contiguous(checkpoint, doorbell.commits)
  return delivered !== undefined && endOf(checkpoint, delivered) >= doorbell.through
    ? { commits: delivered }
    : readRest(events, doorbell, checkpoint)
}

/** What one commit does to a view, unless it cannot be decoded or projected. */
export const stepOf = (model: ReadModel, commit: Commit, decode: RecordedEventsOf): E.Either<Stuck, Step> => {
  const recorded = decode(commit)
  if (E.isLeft(recorded)) return E.left({ version: recorded.left.version, error: recorded.left.reason })
  try {
    const changes = recorded.right.flatMap(model.changesOf)
    return E.right({ from: commit.version - 1, to: lastVersion(commit), changes })
  } catch (error) {
    return E.left({ version: commit.version, error: reasonOf(error) })
  }
}

/**
 * What `model` has to do for a stream of which it holds the events up to `checkpoint`. Rejects when the event store is away;
 * commits that cannot be trusted, decoded or projected end the steps with `stuck`.
 */
export const pendingOf = async (
  model: ReadModel,
  events: Pick<EventStore, 'read'>,
  decode: RecordedEventsOf,
  doorbell: Doorbell,
  checkpoint: number,
): Promise<Pending> => {
  const { stream } = doorbell
  const next = await findNext(events, doorbell, checkpoint)
  const steps: Step[] = []
  for (const commit of next.commits) {
    const step = stepOf(model, commit, decode)
    if (E.isLeft(step)) return { stream, steps, stuck: step.left }
    steps.push(step.right)
  }
  return { stream, steps, ...(next.stuck && { stuck: next.stuck }) }
}
