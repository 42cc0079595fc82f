import type * as t from 'io-ts'
import { personalFieldsOf } from '../personal.ts'
import { strict } from '../strict.ts'

/** How the type of a public event is written. Data that change their shape for a consumer are a new `v`, beside the one before. */
type PublicType = `com.daybook.${string}.${string}.v${number}`

/** What others are told when `E` has happened. */
export type PublicEvent<E> = {
  readonly type: PublicType
  /** URI of the JSON Schema of the data. */
  readonly dataschema: string
  /** Codec of the data. */
  readonly data: t.Mixed
  /** The data of one event of the stream with this id: JSON that holds what the codec names, and nothing else. */
  of(event: E, streamId: string): unknown
}

/** Of each type of event, what others are told; what is `internal` they are not told. A type that is forgotten does not compile. */
export type Publishing<E extends { readonly type: string }> = {
  readonly [T in E['type']]: PublicEvent<Extract<E, { readonly type: T }>> | 'internal'
}

/** Throws `TypeError`, while modules load, where one of the properties is personal: whatever leaves cannot be forgotten. */
export const publicEvent = <E, P extends t.Props>(
  type: PublicType,
  props: P,
  of: (event: E, streamId: string) => t.TypeOfProps<P>,
): PublicEvent<E> => {
  if (personalFieldsOf(type, props) !== undefined) throw new TypeError(`${type} is public, and names a person`)
  const data = strict(props)
  return {
    type,
    dataschema: `urn:daybook:schema:${type}`,
    data,
    of: (event, streamId) => data.encode(of(event, streamId)),
  }
}
