import * as t from 'io-ts'

/**
 * The codec of one event type as it is stored: a fact in the past tense, the version of its data's schema, its data.
 * Fields that the codec does not name are dropped on decoding.
 */
export const event = <T extends string, P extends t.Props>(type: T, data: P) =>
  t.readonly(t.strict({ type: t.literal(type), schemaVersion: t.literal(1), data: t.readonly(t.strict(data)) }), type)
