import * as t from 'io-ts'
import { escaped } from '../schemas/decode.ts'

/** One difference between two values of JSON. `from` is left out where nothing stood there before, `to` where nothing does any more. */
export const ValueChange = t.exact(
  t.intersection([t.type({ pointer: t.string }), t.partial({ from: t.unknown, to: t.unknown })]),
  'ValueChange',
)
export type ValueChange = t.TypeOf<typeof ValueChange>

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/** Members by key; elements by index. */
const membersOf = (value: object): ReadonlyMap<string, unknown> => new Map(Object.entries(value))

/**
 * What turns `before` into `after`, place by place; places are RFC 6901 pointers. Elements of lists are compared by position; values
 * of different kinds are exchanged as a whole, so what was created has one change, at the root. Made one after the other, the changes
 * lead from the one value to the other: what falls off a list's end comes last element first.
 */
export const changesBetween = (before: unknown, after: unknown, pointer = ''): ReadonlyArray<ValueChange> => {
  if (!isObject(before) || !isObject(after) || Array.isArray(before) !== Array.isArray(after)) {
    return before === after ? [] : [{ pointer, from: before, to: after }]
  }
  const [old, young] = [membersOf(before), membersOf(after)]
  const place = (key: string): string => `${pointer}/${escaped(key)}`
  const kept = [...young].flatMap(([key, to]) =>
    old.has(key) ? changesBetween(old.get(key), to, place(key)) : [{ pointer: place(key), to }],
  )
  const gone = [...old].flatMap(([key, from]) => (young.has(key) ? [] : [{ pointer: place(key), from }]))
  return [...kept, ...gone.toReversed()]
}
