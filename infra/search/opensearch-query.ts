import type { API, Types } from '@opensearch-project/opensearch'
import type { After } from './cursor.ts'
import { MAX_FACETS, type ProductQuery } from './port.ts'
import { SCORE } from './ranking.ts'
import { forms } from './typos.ts'
import { mayBeMistyped, storable, type Typed } from './words.ts'

type Clause = Types.Common_QueryDsl.QueryContainer

const scored = (filter: Clause, boost: number): Clause => ({ constant_score: { filter, boost } })

const match = (field: string, query: string, more: Partial<typeof TYPOS> = {}): Clause => ({
  match: { [field]: { query, operator: 'and', ...more } },
})

const startingWith = (field: string, word: string): Clause => ({
  match_bool_prefix: { [field]: { query: word, operator: 'and' } },
})

/** Two typos from eight letters on. Every term it expands to counts against the 1,024 clauses: of ten words at most 1,000 come. */
const TYPOS = { fuzziness: 'AUTO:4,8', max_expansions: 10, analyzer: 'plain' } as const

/** Typos are looked for in words, not in stems: those are short, and one letter from many another. */
const typoClauses = (word: string): Clause[] =>
  forms(word)
    .filter(mayBeMistyped)
    .flatMap((form) => [
      scored(match('words.singular', form, TYPOS), SCORE.word.typo),
      scored(match('words.plain', form, TYPOS), SCORE.word.typo),
    ])

const wordClause = (word: string, isLast: boolean): Clause => ({
  dis_max: {
    queries: [
      scored(match('name', word), SCORE.word.inName),
      scored(match('words', word), SCORE.word.elsewhere),
      ...(isLast ? [scored(startingWith('words.plain', word), SCORE.word.prefix)] : []),
      ...typoClauses(word),
    ],
  },
})

const skuClauses = (sku: string): Clause[] => [
  scored({ term: { sku } }, SCORE.whole.sku),
  scored({ term: { 'sku.folded': sku.toLowerCase() } }, SCORE.whole.skuInOtherCase),
  scored({ prefix: { 'sku.folded': sku.toLowerCase() } }, SCORE.whole.skuPrefix),
]

const typedClause = ({ words, required, sku }: Typed): Clause => {
  const perWord = words.map((word, index) => wordClause(word, index === words.length - 1))
  return {
    bool: {
      should: [
        ...(words.length > 0 ? [{ bool: { should: perWord, minimum_should_match: required } }] : []),
        ...(words.length > 1 ? [scored({ match_phrase: { name: words.join(' ') } }, SCORE.whole.phrase)] : []),
        ...(sku === undefined ? [] : skuClauses(sku)),
      ],
      minimum_should_match: 1,
    },
  }
}

const onSale = (tenant: string): Clause[] => [{ term: { tenant } }, { term: { deleted: false } }]

/** Apart, because the client's type of a terms aggregation leaves out `field`. */
const mostFrequentFirst: Types.Common_Aggregations.AggregateOrder = [{ _count: 'desc' }, { _key: 'asc' }]
const byCategory = { field: 'category', size: MAX_FACETS, order: mostFrequentFirst }

/** The category filters the hits after the facets were counted, so that a facet shows what another category would give. */
export const searchBody = (query: ProductQuery, typed: Typed, after: After | undefined): API.Search_RequestBody => ({
  query: { bool: { filter: onSale(query.tenant), must: typed.blank ? [] : [typedClause(typed)] } },
  ...(query.category === undefined ? {} : { post_filter: { term: { category: storable(query.category) } } }),
  aggs: {
    categories: { terms: byCategory },
    uncategorised: { missing: { field: 'category' } },
  },
  sort: [{ _score: 'desc' }, { sku: 'asc' }],
  ...(after === undefined ? {} : { search_after: [after.score, after.sku] }),
  // One more than the page, which tells whether there is another.
  size: query.limit + 1,
  version: true,
  track_total_hits: true,
})

/** Names that begin with what was typed come first, then by name. */
export const suggestBody = (
  tenant: string,
  prefix: string,
  words: ReadonlyArray<string>,
  limit: number,
): API.Search_RequestBody => ({
  query: {
    bool: {
      filter: [
        ...onSale(tenant),
        ...words.slice(0, -1).map((word) => match('name', word)),
        ...words.slice(-1).map((word) => startingWith('name.plain', word)),
      ],
      should: [scored({ prefix: { 'name.exact': { value: storable(prefix), case_insensitive: true } } }, 1)],
    },
  },
  collapse: { field: 'name.exact' },
  sort: [{ _score: 'desc' }, { 'name.exact': 'asc' }],
  size: limit,
  _source: ['name'],
})
