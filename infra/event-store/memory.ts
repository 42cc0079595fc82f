import * as E from 'fp-ts/lib/Either.js'
import { appending, type PutOutcome } from './append.ts'
import type { Sealed, Stamp } from './commit.ts'
import { partitionKeyOf } from './keys.ts'
import { tooLarge } from './limits.ts'
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
    append: appending(stamp, {
      keep: async (_, eventsText) => {
        const large = tooLarge(eventsText)
        return large ? E.left(large) : E.right(undefined)
      },
      put,
    }),
    read: async function* (stream, { after = 0, through = Number.POSITIVE_INFINITY } = {}) {
      const next = inSequence(after)
      for (const commit of streams.get(partitionKeyOf(stream)) ?? []) {
        if (lastVersion(commit) > after && commit.version <= through) yield next(commit)
      }
    },
    tail: async (stream, newest) => {
      const commits = (streams.get(partitionKeyOf(stream)) ?? []).slice(-newest)
      return commits.map(inSequence((commits[0]?.version ?? 1) - 1))
    },
    commits: () => log,
  }
}
