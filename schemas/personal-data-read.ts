import * as t from 'io-ts'
import { event } from './events/event.ts'
import { subjectId } from './personal.ts'
import { ClientId } from './text.ts'

/** That somebody was told about a person: whom, and what else they had asked for. */
export const PersonalDataRead = event('PersonalDataRead', {
  operationId: t.string,
  subjectId: subjectId(ClientId),
  path: t.unknown,
  query: t.unknown,
})
