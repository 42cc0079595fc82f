import type { API, Types } from '@opensearch-project/opensearch'
import type { Generation } from './port.ts'
import { MAX_WORD_LENGTH } from './words.ts'

/** The alias under which a generation of the index is known. */
export const aliasOf = (prefix: string, generation: Generation): string =>
  generation === 'serving' ? `${prefix}products` : `${prefix}products-${generation}`

/** The name of an index, whatever generation it is or will be. @param id lower case, used once. */
export const indexOf = (prefix: string, id: string): string => `${prefix}products-${id}`

/** No stop words: "THE KING" is a name. Splitting is that of words.ts, and CJK text falls into single characters. */
const analysis: NonNullable<API.Indices_Create_RequestBody['settings']>['analysis'] = {
  char_filter: {
    joining_apostrophes: { type: 'pattern_replace', pattern: "['\u2018\u2019]", replacement: '' },
    parting_punctuation: { type: 'pattern_replace', pattern: '\\p{P}', replacement: ' ' },
  },
  tokenizer: { words: { type: 'standard', max_token_length: MAX_WORD_LENGTH } },
  filter: {
    english_stems: { type: 'stemmer', language: 'english' },
    english_singulars: { type: 'stemmer', language: 'minimal_english' },
  },
  analyzer: {
    stems: {
      type: 'custom',
      char_filter: ['joining_apostrophes', 'parting_punctuation'],
      tokenizer: 'words',
      filter: ['lowercase', 'asciifolding', 'english_stems'],
    },
    singulars: {
      type: 'custom',
      char_filter: ['joining_apostrophes', 'parting_punctuation'],
      tokenizer: 'words',
      filter: ['lowercase', 'asciifolding', 'english_singulars'],
    },
    plain: {
      type: 'custom',
      char_filter: ['joining_apostrophes', 'parting_punctuation'],
      tokenizer: 'words',
      filter: ['lowercase', 'asciifolding'],
    },
  },
  normalizer: { folded: { type: 'custom', filter: ['lowercase'] } },
}

const plainWords: Types.Common_Mapping.TextProperty = {
  type: 'text',
  analyzer: 'plain',
  index_prefixes: { min_chars: 1, max_chars: 10 },
}

/** Replicas follow the number of nodes: none on a single one, which stays green. */
export const WHILE_SERVING = { auto_expand_replicas: '0-1', refresh_interval: '1s' } as const

/** While it is filled, nobody searches an index, and what is in it can be read again from the events. */
export const WHILE_FILLING = { auto_expand_replicas: 'false', number_of_replicas: 0, refresh_interval: '-1' } as const

/**
 * One shard, so that the counts of facets are exact and a query costs one round: enough for tens of millions of products.
 * `words` gathers all that is searched.
 * `price` must be a number, though the exact text is what is answered. An index keeps the settings and the mapping it was made with:
 * raise the projection's version with every change, so that the next replay makes a new one.
 */
export const indexBody: API.Indices_Create_RequestBody = {
  settings: {
    index: { number_of_shards: 1, ...WHILE_SERVING },
    analysis,
  },
  mappings: {
    dynamic: 'strict',
    properties: {
      tenant: { type: 'keyword' },
      deleted: { type: 'boolean' },
      sku: { type: 'keyword', copy_to: 'words', fields: { folded: { type: 'keyword', normalizer: 'folded' } } },
      name: {
        type: 'text',
        analyzer: 'stems',
        copy_to: 'words',
        fields: { exact: { type: 'keyword' }, plain: plainWords },
      },
      category: { type: 'keyword', copy_to: 'words' },
      price: { type: 'keyword', fields: { number: { type: 'double' } } },
      currency: { type: 'keyword' },
      words: {
        type: 'text',
        analyzer: 'stems',
        fields: { plain: plainWords, singular: { type: 'text', analyzer: 'singulars' } },
      },
    },
  },
}
