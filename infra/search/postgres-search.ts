import type { ClientBase } from 'pg'
import { decodeCursor, encodeCursor } from './cursor.ts'
import { type Facet, MAX_FACETS, type ProductHit, type ProductPage, type ProductQuery } from './port.ts'
import { foldedWords } from './postgres-words.ts'
import { SCORE } from './ranking.ts'
import { mistypedKeys } from './typos.ts'
import { storable, type Typed, typed } from './words.ts'

// Each word is four text queries, from the best match to the worst; the parser never sees more than letters and digits. All of
// the tenant's products are looked at once: for the page and, whatever page and category, for the facets.
const SEARCH = `
WITH typed AS MATERIALIZED (
  SELECT to_tsquery('daybook_stems', word || ':A') AS in_name,
         to_tsquery('daybook_stems', word || ':B') AS elsewhere,
         to_tsquery('simple', begins || ':*AB') AS prefix,
         to_tsquery('simple', typos) AS typo
    FROM unnest($2::text[], $3::text[], $4::text[]) AS given (word, begins, typos)
), scored AS (
  SELECT p.sku, p.version, p.name, p.category, p.price::text AS price, p.currency,
         CASE WHEN cardinality($2::text[]) > 0 AND w.matched >= $5 THEN w.score ELSE 0 END
         + CASE WHEN cardinality($2::text[]) > 1 AND p.words @@ to_tsquery('daybook_stems', $6) THEN ${SCORE.whole.phrase} ELSE 0 END
         + CASE WHEN p.sku = $7 THEN ${SCORE.whole.sku} ELSE 0 END
         + CASE WHEN lower(p.sku) = lower($7) THEN ${SCORE.whole.skuInOtherCase} ELSE 0 END
         + CASE WHEN starts_with(lower(p.sku), lower($7)) THEN ${SCORE.whole.skuPrefix} ELSE 0 END AS score
    FROM product_search AS p,
         LATERAL (
           SELECT count(*) FILTER (WHERE s.score > 0) AS matched, coalesce(sum(s.score), 0)::integer AS score
             FROM typed AS t,
                  LATERAL (SELECT CASE WHEN p.words @@ t.in_name THEN ${SCORE.word.inName}
                                       WHEN p.words @@ t.elsewhere THEN ${SCORE.word.elsewhere}
                                       WHEN p.words @@ t.prefix THEN ${SCORE.word.prefix}
                                       WHEN p.typos @@ t.typo THEN ${SCORE.word.typo}
                                       ELSE 0 END AS score) AS s
         ) AS w
   WHERE p.tenant = $1 AND p.name IS NOT NULL
), found AS MATERIALIZED (
  SELECT * FROM scored WHERE score > 0 OR $8
), facets AS (
  SELECT category AS value, count(*) AS count FROM found GROUP BY category ORDER BY count(*) DESC, category
), page AS (
  SELECT * FROM found
   WHERE ($9::text IS NULL OR category = $9) AND ($10::integer IS NULL OR (-score, sku) > (-$10, $11))
   ORDER BY score DESC, sku
   LIMIT $12
)
SELECT (SELECT coalesce(json_agg(facets), '[]') FROM facets) AS facets,
       (SELECT coalesce(json_agg(page ORDER BY score DESC, sku), '[]') FROM page) AS hits`

type Hit = ProductHit & { readonly score: number }
type Answer = { readonly facets: ReadonlyArray<Facet>; readonly hits: ReadonlyArray<Hit> }

const parametersOf = (tenant: string, { words, required, sku, blank }: Typed): ReadonlyArray<unknown> => {
  const forms = words.flatMap(foldedWords)
  return [
    tenant,
    forms,
    forms.map((word, index) => (index === forms.length - 1 ? word : null)),
    forms.map((word) => mistypedKeys(word).join(' | ') || null),
    required,
    forms.map((word) => `${word}:A`).join(' <-> '),
    sku ?? null,
    blank,
  ]
}

const totalOf = (facets: ReadonlyArray<Facet>, category: string | undefined): number =>
  facets.reduce((sum, { value, count }) => (category === undefined || value === category ? sum + count : sum), 0)

/** @param client of `asReader`. */
export const searchPage = async (client: ClientBase, query: ProductQuery): Promise<ProductPage> => {
  const after = decodeCursor(query)
  const { rows } = await client.query<Answer>(SEARCH, [
    ...parametersOf(query.tenant, typed(query.q)),
    query.category === undefined ? null : storable(query.category),
    after?.score ?? null,
    after?.sku ?? null,
    // One more than the page, which tells whether there is another.
    query.limit + 1,
  ])
  const { facets, hits } = rows[0] ?? { facets: [], hits: [] }
  const page = hits.slice(0, query.limit)
  const last = hits.length > query.limit ? page.at(-1) : undefined
  return {
    items: page.map(({ score: _, ...hit }) => hit),
    total: totalOf(facets, query.category),
    facets: { category: facets.slice(0, MAX_FACETS) },
    nextCursor: last === undefined ? null : encodeCursor(query, last),
  }
}

const NAMES = `
SELECT name FROM product_search
 WHERE tenant = $1 AND name IS NOT NULL
   AND words @@ ALL (SELECT to_tsquery('daybook_stems', word || ':A') FROM unnest($2::text[]) AS word)
   AND words @@ to_tsquery('simple', $3 || ':*A')
 GROUP BY name
 ORDER BY starts_with(lower(name), lower($4)) DESC, name
 LIMIT $5`

/** Names that begin with what was typed come first, then by name. */
export const completions = async (
  client: ClientBase,
  tenant: string,
  prefix: string,
  limit: number,
): Promise<ReadonlyArray<string>> => {
  const words = typed(prefix).words.flatMap(foldedWords)
  const last = words.at(-1)
  if (last === undefined) return []
  const values = [tenant, words.slice(0, -1), last, storable(prefix.trim()), limit]
  const { rows } = await client.query<{ readonly name: string }>(NAMES, values)
  return rows.map(({ name }) => name)
}
