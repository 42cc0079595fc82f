import { mayBeMistyped } from './words.ts'

/** The word and, should it be a plural, its singular: who mistypes "lanterns" also means a lantern. */
export const forms = (word: string): ReadonlyArray<string> => (/[^s]s$/.test(word) ? [word, word.slice(0, -1)] : [word])

const without = (letters: ReadonlyArray<string>, at: number): string => letters.toSpliced(at, 1).join('')
const swapped = (letters: ReadonlyArray<string>, at: number): string =>
  [...letters.slice(0, at), letters[at + 1], letters[at], ...letters.slice(at + 2)].join('')

// Words of letters; a digit behind them tells the kinds of typo apart.
const asMistyped = (word: string): string => `${word}0`
const withoutExtraLetter = (word: string): string => `${word}00`
const withoutChangedLetter = (rest: string, at: number): string => `${rest}${at + 1}`

/**
 * Keys under which a word of a product is found by one that somebody mistyped; none for codes. Two words lie one typo apart exactly when the
 * keys of the one and the `mistypedKeys` of the other have a key in common: after the symmetric deletion of Garbe's SymSpell, which
 * finds typos by equality, but exact.
 */
export const typoKeys = (word: string): ReadonlyArray<string> =>
  (/\p{N}/u.test(word) ? [] : forms(word)).flatMap((form) => {
    const letters = [...form]
    return [
      withoutExtraLetter(form),
      ...letters.flatMap((_, at) => {
        const rest = without(letters, at)
        const less = [asMistyped(rest), withoutChangedLetter(rest, at)]
        return at + 1 < letters.length ? [...less, asMistyped(swapped(letters, at))] : less
      }),
    ]
  })

/** Keys of a word that somebody typed; none when it is taken literally. */
export const mistypedKeys = (word: string): ReadonlyArray<string> =>
  forms(word)
    .filter(mayBeMistyped)
    .flatMap((form) => {
      const letters = [...form]
      const rests = letters.map((_, at) => without(letters, at))
      return [asMistyped(form), ...rests.map(withoutExtraLetter), ...rests.map(withoutChangedLetter)]
    })
