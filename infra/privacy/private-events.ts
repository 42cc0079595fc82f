import { isPseudonym, type PersonalData, type PersonalFields } from '../../schemas/personal.ts'
import { type Commit, EventStoreFault, type StoredEvent } from '../event-store/port.ts'
import type { SubjectKey, SubjectKeys } from './port.ts'
import { keyIdOf, opened, pseudonymOf, sealed } from './sealed.ts'

/** What is about people in events, and the keys under which it is stored. */
export type Privacy = { readonly personal: PersonalData; readonly keys: SubjectKeys }

type Data = { readonly [field: string]: unknown }

/** What is no plain object has no fields, and whether it can be stored is for the store to say. */
const isData = (data: unknown): data is Data =>
  typeof data === 'object' && data !== null && [Object.prototype, null].includes(Object.getPrototypeOf(data))

type Personal = { readonly data: Data } & PersonalFields

/** An event's data, where some of them are personal. */
export const personalOf = (
  { personal }: Pick<Privacy, 'personal'>,
  { type, data }: StoredEvent,
): Personal | undefined => {
  const fields = personal.get(type)
  return fields && isData(data) ? { data, ...fields } : undefined
}

export const changed = (
  event: StoredEvent,
  { data, fields }: Personal,
  change: (text: string, field: string) => string,
): StoredEvent => {
  const copy: { [field: string]: unknown } = { ...data }
  for (const field of fields) {
    const value = copy[field]
    if (typeof value === 'string') copy[field] = change(value, field)
  }
  return { ...event, data: copy }
}

/** An event as it is stored, and as it is read back. */
export type Sealed = { readonly stored: StoredEvent; readonly read: StoredEvent }

const sealedUnder = (tenant: string, event: StoredEvent, found: Personal, key: SubjectKey): Sealed => {
  if (key._tag === 'Destroyed') {
    const forgotten = changed(event, found, () => pseudonymOf(key.keyId))
    return { stored: forgotten, read: forgotten }
  }
  const stored = changed(event, found, (text, field) =>
    // A lone surrogate would be lost on the way: left as it is, it is refused by the store.
    text.isWellFormed() ? sealed(key.keyId, key.key, { tenant, eventType: event.type, field }, text) : text,
  )
  return { stored, read: event }
}

/**
 * Seals what is personal in an event under the key of the person whom it is about. Nothing is in one that is about nobody. Of a
 * person who was forgotten the pseudonym is stored: whoever still knows the name does not bring it back.
 */
export const sealEvent = async (privacy: Privacy, tenant: string, event: StoredEvent): Promise<Sealed> => {
  const found = personalOf(privacy, event)
  const subject = found?.data[found.subject]
  const isPerson = typeof subject === 'string' && subject.isWellFormed() && !isPseudonym(subject)
  if (found === undefined || !isPerson) return { stored: event, read: event }
  return sealedUnder(tenant, event, found, await privacy.keys.keyOf(tenant, subject))
}

const keyIdsIn = (privacy: Privacy, commits: ReadonlyArray<Commit>): ReadonlySet<string> => {
  const keyIds = new Set<string>()
  for (const { events } of commits) {
    for (const event of events) {
      const found = personalOf(privacy, event)
      for (const field of found?.fields ?? []) {
        const keyId = keyIdOf(found?.data[field])
        if (keyId !== undefined) keyIds.add(keyId)
      }
    }
  }
  return keyIds
}

const openEvent = (
  privacy: Privacy,
  tenant: string,
  event: StoredEvent,
  keys: ReadonlyMap<string, SubjectKey>,
): StoredEvent => {
  const found = personalOf(privacy, event)
  if (found === undefined) return event
  return changed(event, found, (value, field) => {
    const keyId = keyIdOf(value)
    if (keyId === undefined) return value
    const key = keys.get(keyId)
    // Had it been destroyed, there would be a note of it.
    if (key === undefined) throw new EventStoreFault(`the data key ${keyId} is not in the table of keys`, 'refused')
    if (key._tag === 'Destroyed') return pseudonymOf(keyId)
    // What was sealed for another place stays closed, and does not decode.
    return opened(key.key, { tenant, eventType: event.type, field }, value) ?? value
  })
}

export type Opening = {
  readonly commit: (commit: Commit) => Promise<Commit>
  readonly commits: (commits: ReadonlyArray<Commit>) => Promise<ReadonlyArray<Commit>>
}

/**
 * Opens what is sealed in commits; all of a person who was forgotten reads as one pseudonym. Their hashes cover what is stored, so
 * they are to be checked before. What was stored unsealed passes as it is. Rejects with `EventStoreFault` when keys are away.
 */
export const openingOf = (privacy: Privacy): Opening => {
  const opens = async (commits: ReadonlyArray<Commit>): Promise<(commit: Commit) => Commit> => {
    const keyIds = keyIdsIn(privacy, commits)
    if (keyIds.size === 0) return (commit) => commit
    const keys = await privacy.keys.byId([...keyIds])
    return (commit) => {
      const events = commit.events.map((event) => openEvent(privacy, commit.stream.tenant, event, keys))
      return { ...commit, events }
    }
  }
  return {
    commit: async (commit) => (await opens([commit]))(commit),
    commits: async (commits) => commits.map(await opens(commits)),
  }
}
