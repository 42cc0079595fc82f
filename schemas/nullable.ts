import * as t from 'io-ts'

/** A value or `null`; never absent. */
export const nullable = <C extends t.Mixed>(codec: C): t.UnionC<[C, t.NullC]> => t.union([codec, t.null])
