import * as E from 'fp-ts/lib/Either.js'
import * as RNEA from 'fp-ts/lib/ReadonlyNonEmptyArray.js'
import type { Appended, Conflict, Draft, EventStore, Position, Slice, StoredEvent } from '../event-store/port.ts'
import type { TransactionalEventStore } from '../event-store/transaction-port.ts'
import { type Opening, openingOf, type Privacy, sealEvent } from './private-events.ts'

const openSlice = async ({ commit }: Opening, slice: Slice): Promise<Slice> => ({
  commit: await commit(slice.commit),
  position: slice.position,
})

/** A store whose readers see in the open what is personal; below it, all that is sealed stays sealed. */
export const privateReads = (
  store: Pick<EventStore, 'read' | 'tail'>,
  privacy: Privacy,
): Pick<EventStore, 'read' | 'tail'> => {
  const opening = openingOf(privacy)
  return {
    read: async function* (stream, range) {
      for await (const slice of store.read(stream, range)) yield await openSlice(opening, slice)
    },
    tail: async (stream, newest) => {
      const slices = await store.tail(stream, newest)
      return Promise.all(slices.map((slice) => openSlice(opening, slice)))
    },
  }
}

/** A draft as it is stored, and its events as they are read back. */
type SealedDraft = { readonly position: Position; readonly draft: Draft; readonly read: ReadonlyArray<StoredEvent> }

type Drafted = { readonly position: Position; readonly draft: Draft }

const sealDraft = async (privacy: Privacy, { position, draft }: Drafted): Promise<SealedDraft> => {
  const { tenant } = position.stream
  const events = await Promise.all(draft.events.map((event) => sealEvent(privacy, tenant, event)))
  return {
    position,
    draft: { ...draft, events: events.map(({ stored }) => stored) },
    read: events.map(({ read }) => read),
  }
}

const asRead = ({ commit, position }: Appended, { read }: SealedDraft): Appended => ({
  commit: { ...commit, events: read },
  position,
})

/**
 * An event store in which what is personal is sealed under a key a person, and opened for whoever reads. Hashes cover what is
 * stored, so that all chains still verify when a key is destroyed.
 */
export const privateEventStore = (store: TransactionalEventStore, privacy: Privacy): TransactionalEventStore => {
  const opening = openingOf(privacy)
  const openWinner = async ({ winner, ...conflict }: Conflict): Promise<Conflict> => ({
    ...conflict,
    winner: await openSlice(opening, winner),
  })
  return {
    ...privateReads(store, privacy),
    emptyStream: store.emptyStream,
    append: async (position, draft) => {
      const sealed = await sealDraft(privacy, { position, draft })
      const appended = await store.append(position, sealed.draft)
      if (E.isRight(appended)) return E.right(asRead(appended.right, sealed))
      return E.left(appended.left._tag === 'Conflict' ? await openWinner(appended.left) : appended.left)
    },
    appendAll: async (transaction) => {
      const [first, ...rest] = transaction.commits
      const sealed: RNEA.ReadonlyNonEmptyArray<SealedDraft> = [
        await sealDraft(privacy, first),
        ...(await Promise.all(rest.map((each) => sealDraft(privacy, each)))),
      ]
      const commits = RNEA.map(({ position, draft }: SealedDraft) => ({ position, draft }))(sealed)
      const appended = await store.appendAll({ ...transaction, commits })
      if (E.isRight(appended)) return E.right(RNEA.zipWith(appended.right, sealed, asRead))
      return E.left(appended.left._tag === 'Conflict' ? await openWinner(appended.left) : appended.left)
    },
  }
}
