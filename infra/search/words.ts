import * as E from 'fp-ts/lib/Either.js'
import { Sku } from '../../schemas/text.ts'

/** No product's name is longer; and each character may become a clause, of which OpenSearch allows 1,024 a query. */
const MAX_LENGTH = 200
const MAX_WORDS = 10
/** Longer words are cut, in the index and in the query. */
export const MAX_WORD_LENGTH = 64

/** Nobody mistypes a code, and a typo in a shorter word makes another word. */
const MISTYPED = /^\p{L}[\p{L}\p{M}]{3,}$/u

/** Text that every engine takes: Postgres refuses U+0000 and UTF-8 cannot carry lone surrogates. */
export const storable = (text: string): string => text.toWellFormed().replaceAll('\0', '\ufffd')

/** Runs of letters and digits, cut to a word's length. An apostrophe joins ("CHILDREN'S" is one word); all else parts. */
export const wordsOf = (text: string): ReadonlyArray<string> =>
  text
    .replace(/['\u2018\u2019]/g, '')
    .match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu)
    ?.map((word) => word.slice(0, MAX_WORD_LENGTH).toWellFormed()) ?? []

export const mayBeMistyped = (word: string): boolean => MISTYPED.test(word)

/** What a user typed, read once for every engine. */
export type Typed = {
  readonly words: ReadonlyArray<string>
  /** How many of the words a product must match: all of up to three, three quarters of more. */
  readonly required: number
  /** The whole text, when it may be a SKU. */
  readonly sku: string | undefined
  readonly blank: boolean
}

export const typed = (q: string): Typed => {
  const text = q.slice(0, MAX_LENGTH).trim()
  const words = wordsOf(text).slice(0, MAX_WORDS)
  const sku = Sku.decode(text)
  return {
    words,
    required: words.length <= 3 ? words.length : Math.ceil(words.length * 0.75),
    sku: E.isRight(sku) ? sku.right : undefined,
    blank: text === '',
  }
}
