import type * as t from 'io-ts'
import { event } from './events/event.ts'
import { Reason, text } from './text.ts'

export const KeyId = text(22, 22)

/** A person was forgotten: the key with this id is destroyed. It does not say who that was; its stream is named by the key's id. */
export const SubjectErased = event('SubjectErased', { keyId: KeyId, reason: Reason })
export type SubjectErased = t.TypeOf<typeof SubjectErased>
