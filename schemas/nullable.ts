import * as t from 'io-ts'

/**
 * A value or `null`; never absent. The union of both for whoever describes it; decoding asks for `null` first, where `t.union`
 * would make and drop the faults of the value.
 */
export const nullable = <C extends t.Mixed>(codec: C): t.UnionC<[C, t.NullC]> => {
  const { name, is, encode, types } = t.union([codec, t.null])
  const validate: typeof codec.validate = (input, context) =>
    input === null ? t.success(null) : codec.validate(input, context)
  return new t.UnionType(name, is, validate, encode, types)
}
