import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { decode } from '../../schemas/decode.ts'
import { nullable } from '../../schemas/nullable.ts'
import { type Facet, MAX_FACETS, type ProductDocument, type ProductKey, type WriteFailure } from './port.ts'

/** What `_source` holds: a product, or a tombstone. */
const Product = t.strict({
  tenant: t.string,
  sku: t.string,
  deleted: t.literal(false),
  name: t.string,
  category: nullable(t.string),
  price: t.string,
  currency: t.string,
})
const Tombstone = t.strict({ tenant: t.string, sku: t.string, deleted: t.literal(true) })

export const MultiGet = t.strict({
  docs: t.readonlyArray(
    t.union([
      t.strict({ found: t.literal(true), _version: t.Int, _source: t.union([Product, Tombstone]) }),
      t.strict({ found: t.literal(false) }),
    ]),
  ),
})

export const Found = t.strict({
  hits: t.strict({
    total: t.strict({ value: t.Int }),
    hits: t.readonlyArray(t.strict({ _version: t.Int, _score: t.number, _source: Product })),
  }),
  aggregations: t.strict({
    categories: t.strict({ buckets: t.readonlyArray(t.strict({ key: t.string, doc_count: t.Int })) }),
    uncategorised: t.strict({ doc_count: t.Int }),
  }),
})
type Found = t.TypeOf<typeof Found>

export const HeldPage = t.strict({
  hits: t.strict({
    hits: t.readonlyArray(
      t.strict({
        _version: t.Int,
        _source: t.strict({ tenant: t.string, sku: t.string, deleted: t.boolean }),
      }),
    ),
  }),
})

export const Suggested = t.strict({
  hits: t.strict({ hits: t.readonlyArray(t.strict({ _source: t.strict({ name: t.string }) })) }),
})

export const Bulk = t.strict({
  items: t.readonlyArray(
    t.strict({
      index: t.intersection([
        t.strict({ status: t.number }),
        t.partial({ error: t.intersection([t.strict({ type: t.string }), t.partial({ reason: nullable(t.string) })]) }),
      ]),
    }),
  ),
})

/** Throws when the engine's answer is not of the shape that its documentation promises. */
export const answered = <A>(codec: t.Decoder<unknown, A>, body: unknown): A => {
  const decoded = decode(codec, body)
  if (E.isRight(decoded)) return decoded.right
  const faults = decoded.left.map(({ pointer, message }) => `${pointer} ${message}`)
  throw new TypeError(`OpenSearch answered something else: ${faults.slice(0, 3).join('; ')}`)
}

export const sourceOf = (tenant: string, sku: string, document: ProductDocument | null): object => {
  if (document === null) return { tenant, sku, deleted: true }
  const { name, category, price, currency } = document
  return { tenant, sku, deleted: false, name, category, price, currency }
}

export const documentOf = (source: t.TypeOf<typeof Product>): ProductDocument => {
  const { sku, name, category, price, currency } = source
  return { sku, name, category, price, currency }
}

/** Overload, a missing index or shard and the server's own faults pass; a document that does not fit the mapping never will. */
const isRetryable = (status: number): boolean => status === 404 || status === 429 || status >= 500

export const facetsOf = ({ categories, uncategorised }: Found['aggregations']): ReadonlyArray<Facet> => {
  const facets: Facet[] = categories.buckets.map(({ key, doc_count }) => ({ value: key, count: doc_count }))
  if (uncategorised.doc_count > 0) facets.push({ value: null, count: uncategorised.doc_count })
  return facets.sort((one, other) => other.count - one.count).slice(0, MAX_FACETS)
}

export type BulkItem = t.TypeOf<typeof Bulk>['items'][number]['index']

/** `undefined`: the document was written, or (409) the index holds this version or a later one. */
export const failureOf = (key: ProductKey, item: BulkItem | undefined): WriteFailure | undefined => {
  if (item === undefined) return { ...key, reason: 'the answer leaves it out', retryable: true }
  if (item.status < 300 || item.status === 409) return undefined
  const reason = item.error === undefined ? `status ${item.status}` : `${item.error.type}: ${item.error.reason ?? ''}`
  return { ...key, reason, retryable: isRetryable(item.status) }
}
