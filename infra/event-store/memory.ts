import * as E from 'fp-ts/lib/Either.js'
import { appending, type PutOutcome } from './append.ts'
import { positionBehind, type Sealed, type Stamp } from './commit.ts'
import { partitionKeyOf } from './keys.ts'
import { tooLarge } from './limits.ts'
import { type MemoryStreams, memoryTransactions } from './memory-transaction.ts'
import { type Commit, lastVersion } from './port.ts'
import { emptyStream } from './position.ts'
import { inSequence } from './sequence.ts'
import type { TransactionalEventStore } from './transaction-port.ts'

type MemoryEventStore = TransactionalEventStore & { readonly commits: () => ReadonlyArray<Commit> }

/** An event store in memory, for tests and simulations; the same contract as the one on DynamoDB. */
export const memoryEventStore = (stamp: Stamp): MemoryEventStore => {
  const streams = new Map<string, Commit[]>()
  const log: Commit[] = []
  const at: MemoryStreams['at'] = (stream, version) => {
    const commit = streams.get(partitionKeyOf(stream))?.find((other) => other.version === version)
    return commit && { commit, position: positionBehind(commit) }
  }
  const keep: MemoryStreams['keep'] = ({ commit, eventsText }) => {
    const key = partitionKeyOf(commit.stream)
    const stored: Commit = { ...commit, events: JSON.parse(eventsText) }
    streams.set(key, [...(streams.get(key) ?? []), stored])
    log.push(stored)
    return { commit: stored, position: positionBehind(stored) }
  }
  const put = async (sealed: Sealed): Promise<PutOutcome> => {
    const winner = at(sealed.commit.stream, sealed.commit.version)
    return winner === undefined ? { _tag: 'Stored', commit: keep(sealed).commit } : { _tag: 'Taken', by: winner.commit }
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
    ...memoryTransactions({ at, keep }, stamp),
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
