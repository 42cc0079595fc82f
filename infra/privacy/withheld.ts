import type { PersonalData } from '../../schemas/personal.ts'
import type { Commit } from '../event-store/port.ts'
import { changed, personalOf } from './private-events.ts'
import { keyIdOf, pseudonymOf } from './sealed.ts'

/** The commit as if everybody in it had been forgotten, for whoever is to know of no person: no key is asked for. */
export const withheld = (personal: PersonalData, commit: Commit): Commit => ({
  ...commit,
  events: commit.events.map((event) => {
    const found = personalOf({ personal }, event)
    return found === undefined ? event : changed(event, found, (value) => pseudonymOf(keyIdOf(value) ?? ''))
  }),
})
