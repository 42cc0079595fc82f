import * as E from 'fp-ts/lib/Either.js'
import { appending, type PutOutcome } from '../../../infra/event-store/append.ts'
import type { Sealed, Stamp } from '../../../infra/event-store/commit.ts'
import { partitionKeyOf } from '../../../infra/event-store/keys.ts'
import type { Commit, EventStore } from '../../../infra/event-store/port.ts'
import type { TimeBounds } from '../../../infra/event-store/time-bounds.ts'
import { ulidTime } from '../../../infra/ulids.ts'
import type { SimulatedTime } from './simulated-time.ts'

/** What happens to one sending of a write. Shares are parts, from 0 to 1, of the longest that the bounds allow. */
export type Fate = {
  /** Before it is sent: suspended, queued, backing off; milliseconds. */
  readonly pause: number
  /** Share of the time that it may take to land; null: it never does. */
  readonly flight: number | null
  readonly answer: 'arrives' | 'connection breaks' | 'silence'
  readonly indexing: number
}

export type SimulatedTable = {
  /** All commits that landed. */
  readonly commits: () => ReadonlyArray<Commit>
  /** Those that the index shows at this time. */
  readonly indexed: () => ReadonlyArray<Commit>
  readonly appendBy: (stamp: Stamp, fates: Iterator<Fate>) => EventStore['append']
}

const CALM: Fate = { pause: 0, flight: 0, answer: 'arrives', indexing: 0 }

/** A table behind a network that does whatever `bounds` allow, in simulated time. */
export const simulatedTable = (time: SimulatedTime, bounds: TimeBounds): SimulatedTable => {
  const rows = new Map<string, { readonly commit: Commit; readonly shownFrom: number }>()

  const land = (commit: Commit, indexing: number): PutOutcome => {
    const key = `${partitionKeyOf(commit.stream)}@${commit.version}`
    const there = rows.get(key)
    if (there !== undefined) return { _tag: 'Taken', by: there.commit }
    rows.set(key, { commit, shownFrom: time.now() + Math.floor(indexing * bounds.indexing) })
    return { _tag: 'Stored', commit }
  }

  /** As `dynamoEventStore` does it: sendings under one stamp until it is too old. */
  const putBy =
    ({ clock }: Stamp, fates: Iterator<Fate>) =>
    async ({ commit }: Sealed): Promise<PutOutcome> => {
      const stampedAt = ulidTime(commit.commitId)
      const age = Math.max(0, clock().getTime() - stampedAt)
      const cut = time.now() + Math.max(0, bounds.stampLife - age)
      for (;;) {
        const { pause, flight, answer, indexing } = fates.next().value ?? CALM
        await time.sleep(pause)
        if (time.now() > cut || clock().getTime() - stampedAt > bounds.stampLife) return { _tag: 'Unanswered' }
        const landing = flight === null ? null : Math.floor(flight * (cut - time.now() + bounds.straggling))
        const landed = landing === null ? undefined : time.sleep(landing).then(() => land(commit, indexing))
        if (answer === 'connection breaks') continue
        if (landed === undefined || landing === null || answer === 'silence' || time.now() + landing > cut) {
          await time.sleep(cut - time.now())
          return { _tag: 'Unanswered' }
        }
        return landed
      }
    }

  return {
    commits: () => [...rows.values()].map(({ commit }) => commit),
    indexed: () => [...rows.values()].flatMap(({ commit, shownFrom }) => (shownFrom <= time.now() ? [commit] : [])),
    appendBy: (stamp, fates) => appending(stamp, { keep: async () => E.right(undefined), put: putBy(stamp, fates) }),
  }
}
