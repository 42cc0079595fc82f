import * as E from 'fp-ts/lib/Either.js'
import { positionBehind, type Stamp, seal } from './commit.ts'
import { partitionKeyOf } from './keys.ts'
import { type MemoryStreams, memoryTransactions } from './memory-transaction.ts'
import { type Commit, lastVersion } from './port.ts'
import { assertMadeByStore, emptyStream } from './position.ts'
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
  return {
    emptyStream,
    append: async (position, draft) => {
      assertMadeByStore(position)
      const sealed = seal(position, draft, stamp)
      const winner = at(position.stream, sealed.commit.version)
      return winner === undefined ? E.right(keep(sealed)) : E.left({ _tag: 'Conflict', winner })
    },
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
