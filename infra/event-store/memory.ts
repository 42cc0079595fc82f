import * as E from 'fp-ts/lib/Either.js'
import { positionBehind, type Stamp, seal } from './commit.ts'
import { storableText } from './draft.ts'
import { partitionKeyOf } from './keys.ts'
import { tooLarge } from './limits.ts'
import { type Commit, type EventStore, lastVersion } from './port.ts'
import { assertMadeByStore, emptyStream } from './position.ts'
import { inSequence } from './sequence.ts'

/** An event store in memory, for tests and simulations; the same contract as the one on DynamoDB. */
export const memoryEventStore = (stamp: Stamp): EventStore & { readonly commits: () => ReadonlyArray<Commit> } => {
  const streams = new Map<string, Commit[]>()
  const log: Commit[] = []
  return {
    emptyStream,
    append: async (position, draft) => {
      assertMadeByStore(position)
      const eventsText = storableText(position.stream, draft)
      const large = tooLarge(eventsText)
      if (large) return E.left(large)
      const { commit } = seal(position, draft, stamp, eventsText)
      const key = partitionKeyOf(position.stream)
      const commits = streams.get(key) ?? []
      const winner = commits.find((other) => other.version === commit.version)
      if (winner !== undefined)
        return E.left({ _tag: 'Conflict', winner: { commit: winner, position: positionBehind(winner) } })
      const stored: Commit = { ...commit, events: JSON.parse(eventsText) }
      streams.set(key, [...commits, stored])
      log.push(stored)
      return E.right({ commit: stored, position: positionBehind(stored) })
    },
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
