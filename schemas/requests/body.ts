import * as t from 'io-ts'

/** A request's body: fields that must stand there, and fields that may be left out. Other fields are ignored. */
export const body = <R extends t.Props, O extends t.Props>(name: string, required: R, optional: O) =>
  t.readonly(t.exact(t.intersection([t.type(required), t.partial(optional)])), name)

/** No fields: a path, a query or a body that takes none. */
export const Nothing = t.readonly(t.strict({}), 'Nothing')
