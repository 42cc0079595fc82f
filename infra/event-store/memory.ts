import { appending, type PutOutcome } from './append.ts'
import type { Sealed, Stamp } from './commit.ts'
import { partitionKeyOf } from './keys.ts'
import { type Commit, type EventStore, lastVersion } from './port.ts'
import { emptyStream } from './position.ts'
import { inSequence } from './sequence.ts'

/** An event store in memory, for tests and simulations; the same contract as the one on DynamoDB. */
export const memoryEventStore = (stamp: Stamp): EventStore & { readonly commits: () => ReadonlyArray<Commit> } => {
  const streams = new Map<string, Commit[]>()
  const log: Commit[] = []
  const put = async ({ commit, eventsText }: Sealed): Promise<PutOutcome> => {
    const key = partitionKeyOf(commit.stream)
    const commits = streams.get(key) ?? []
    const winner = commits.find((other) => other.version === commit.version)
    if (winner !== undefined) return { _tag: 'Taken', by: winner }
    const stored: Commit = { ...commit, events: JSON.parse(eventsText) }
    streams.set(key, [...commits, stored])
    log.push(stored)
    return { _tag: 'Stored', commit: stored }
  }
  return {
    emptyStream,
    append: appending(stamp, put),
    read: async function* (stream, { after = 0, through = Number.POSITIVE_INFINITY } = {}) {
      const next = inSequence(after)
      for (const commit of streams.get(partitionKeyOf(stream)) ?? []) {
        if (lastVersion(commit) > after && commit.version <= through) yield next(commit)
      }
    },
    commits: () => log,
  }
}
