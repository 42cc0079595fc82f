import { DatabaseError, type Pool } from 'pg'
import type { VersionedProduct, WriteFailure } from './port.ts'
import { foldedWords } from './postgres-words.ts'
import { typoKeys } from './typos.ts'

// One value a column and product: a batch costs one statement, whatever its size.
const writeInto = (table: string): string => `
INSERT INTO ${table} AS held (tenant, sku, version, name, category, price, currency, words, typos)
SELECT tenant, sku, version, name, category, price, currency,
       CASE WHEN name IS NOT NULL THEN
         setweight(to_tsvector('daybook_stems', name_words), 'A') || setweight(to_tsvector('daybook_stems', other_words), 'B') ||
         setweight(to_tsvector('simple', name_words), 'A') || setweight(to_tsvector('simple', other_words), 'B')
       END,
       CASE WHEN name IS NOT NULL THEN to_tsvector('simple', typos) END
  FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::numeric[], $7::text[], $8::text[], $9::text[], $10::text[])
       AS given (tenant, sku, version, name, category, price, currency, name_words, other_words, typos)
    ON CONFLICT (tenant, sku) DO UPDATE
   SET version = excluded.version, name = excluded.name, category = excluded.category, price = excluded.price,
       currency = excluded.currency, words = excluded.words, typos = excluded.typos
 WHERE excluded.version > held.version`

const rowOf = ({ tenant, sku, version, document }: VersionedProduct): ReadonlyArray<string | number | null> => {
  if (document === null) return [tenant, sku, version, null, null, null, null, '', '', '']
  const { name, category, price, currency } = document
  const inName = foldedWords(name)
  const elsewhere = foldedWords(`${category ?? ''} ${sku}`)
  const typos = [...new Set([...inName, ...elsewhere].flatMap(typoKeys))]
  return [tenant, sku, version, name, category, price, currency, inName.join(' '), elsewhere.join(' '), typos.join(' ')]
}

/** The newest of each product, in the order of keys: no statement may touch a row twice, and concurrent ones must not deadlock. */
const newestByKey = (products: ReadonlyArray<VersionedProduct>): ReadonlyArray<VersionedProduct> => {
  const newest = new Map<string, VersionedProduct>()
  for (const product of products) {
    const key = `${product.tenant}/${product.sku}`
    if ((newest.get(key)?.version ?? 0) < product.version) newest.set(key, product)
  }
  return [...newest].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, product]) => product)
}

const upsert = async (pool: Pool, table: string, products: ReadonlyArray<VersionedProduct>): Promise<void> => {
  const rows = products.map(rowOf)
  const columns = Array.from({ length: 10 }, (_, column) => rows.map((row) => row[column]))
  await pool.query({ name: `write ${table}`, text: writeInto(table), values: columns })
}

/** Data exceptions, constraint violations and program limits (SQLSTATE classes 22, 23 and 54) lie in the row itself. */
const liesInTheRow = (error: unknown): error is DatabaseError =>
  error instanceof DatabaseError && /^(?:22|23|54)/.test(error.code ?? '')

/** All in one statement; when a row is at fault, one by one, to name it and write the others. */
export const writeProducts = async (
  pool: Pool,
  table: string,
  products: ReadonlyArray<VersionedProduct>,
): Promise<ReadonlyArray<WriteFailure>> => {
  const newest = newestByKey(products)
  if (newest.length === 0) return []
  try {
    await upsert(pool, table, newest)
    return []
  } catch (error) {
    if (!liesInTheRow(error)) throw error
    const [only] = newest
    if (only !== undefined && newest.length === 1) {
      return [{ tenant: only.tenant, sku: only.sku, reason: error.message, retryable: false }]
    }
  }
  const failures: WriteFailure[] = []
  for (const product of newest) failures.push(...(await writeProducts(pool, table, [product])))
  return failures
}
