import { wordsOf } from './words.ts'

/**
 * Words in lower case, compatibility characters spelled out, Latin and Greek letters without accents: what OpenSearch's filters
 * do. Folding comes before splitting, because it may spell one character out as several words and their punctuation.
 */
export const foldedWords = (text: string): ReadonlyArray<string> =>
  wordsOf(
    text
      .toLowerCase()
      .normalize('NFKD')
      .replace(/[\u0300-\u036f]/g, '')
      .normalize('NFC'),
  )
