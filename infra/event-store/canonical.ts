import canonicalize from 'canonicalize'

/** RFC 8785 (JCS). Throws on what JSON cannot carry exactly: NaN, infinities, lone surrogates, undefined. */
export const jcs = (value: unknown): string => {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('undefined is not a JSON value')
  return text
}

/** JavaScript puts keys that spell an array's index before all others, and one key is no key at all (ECMA-262, section 10.1.11). */
const MOVES = /^(?:\d+|__proto__)$/

const isRecord = (value: object): value is { readonly [key: string]: unknown } => !Array.isArray(value)

/** A copy whose keys come in JCS's order, by UTF-16 code units (section 3.2.3); throws `RangeError` where a key cannot be put there. */
const ordered = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value
  if (!isRecord(value)) return Array.isArray(value) ? value.map(ordered) : value
  const copy: { [key: string]: unknown } = {}
  for (const key of Object.keys(value).sort()) {
    if (MOVES.test(key)) throw new RangeError(key)
    copy[key] = ordered(value[key])
  }
  return copy
}

/**
 * RFC 8785 of a value that is known to hold plain JSON alone (`storableText` has looked). Literals are spelt as JSON.stringify
 * spells them (section 3.2.2), so putting the keys in order is all there is to do: twice as fast as the library, which is asked where
 * that does not work.
 */
export const jcsOfPlain = (value: unknown): string => {
  try {
    return JSON.stringify(ordered(value))
  } catch (error) {
    if (error instanceof RangeError) return jcs(value)
    throw error
  }
}
