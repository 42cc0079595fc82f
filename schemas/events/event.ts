import * as t from 'io-ts'
import { type PersonalFields, personalFieldsOf } from '../personal.ts'
import { strict } from '../strict.ts'

type Stored<T, V, D> = { readonly type: T; readonly schemaVersion: V; readonly data: D }

/** The codec of one schema version of one event type: a fact in the past tense, the version of its data's schema, its data. */
export class EventType<T extends string, V extends number, D> extends t.Type<Stored<T, V, D>, unknown, unknown> {
  readonly eventType: T
  readonly schemaVersion: V
  readonly personal: PersonalFields | undefined
  constructor(eventType: T, schemaVersion: V, data: t.Type<D, unknown, unknown>, personal: PersonalFields | undefined) {
    const stored = t.readonly(strict({ type: t.literal(eventType), schemaVersion: t.literal(schemaVersion), data }))
    super(`${eventType}.v${schemaVersion}`, stored.is, stored.validate, stored.encode)
    this.eventType = eventType
    this.schemaVersion = schemaVersion
    this.personal = personal
  }
}

/**
 * The codec of one event type as it is stored. Fields that the codec does not name are dropped on decoding. Data that change
 * their shape are a new schema version, to which an upcaster leads from the one before (upcasting.ts). What is personal in them says
 * so (personal.ts).
 */
export const event = <T extends string, P extends t.Props, V extends number = 1>(
  type: T,
  data: P,
  schemaVersion: V = 1 as V,
) => new EventType(type, schemaVersion, t.readonly(strict(data)), personalFieldsOf(type, data))
