import type { API, Types } from '@opensearch-project/opensearch'
import { MAX_WORD_LENGTH } from './words.ts'

/** Raise it with every change of settings or mapping: a new index is filled beside the old one, then the alias moves. */
const INDEX_VERSION = 1

export const aliasOf = (prefix: string): string => `${prefix}products`
export const indexOf = (prefix: string): string => `${aliasOf(prefix)}-v${INDEX_VERSION}`

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

/**
 * One shard, so that the counts of facets are exact and a query costs one round: enough for tens of millions of products.
 * Replicas follow the number of nodes: none on a single one, which stays green. `words` gathers all that is searched.
 * `price` must be a number, though the exact text is what is answered.
 */
export const indexBody: API.Indices_Create_RequestBody = {
  settings: {
    index: { number_of_shards: 1, auto_expand_replicas: '0-1', refresh_interval: '1s' },
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
