import * as t from 'io-ts'
import { nullable } from '../../schemas/nullable.ts'

/** What the search index holds of a product. `price` is an exact decimal. */
export const ProductDocument = t.readonly(
  t.strict({ sku: t.string, name: t.string, category: nullable(t.string), price: t.string, currency: t.string }),
  'ProductDocument',
)
export type ProductDocument = t.TypeOf<typeof ProductDocument>

/** `document: null` is a tombstone: it keeps the version, so that an older write cannot bring the product back. */
export type VersionedProduct = {
  readonly tenant: string
  readonly sku: string
  /** Version of the product's stream; an older or equal version never overwrites (external versioning). */
  readonly version: number
  readonly document: ProductDocument | null
}

export type WriteFailure = {
  readonly tenant: string
  readonly sku: string
  readonly reason: string
  /** Whether the same write may succeed later (overload, unavailable) or never will (mapping, size). */
  readonly retryable: boolean
}

export type ProductKey = { readonly tenant: string; readonly sku: string }

export type ProductQuery = {
  readonly tenant: string
  /** Blank: everything, by SKU. Of anything longer, the first 200 characters and 10 words count (see words.ts). */
  readonly q: string
  /** Exactly this category; the facets are those of the query without it. */
  readonly category?: string
  /** 1 to 1,000. */
  readonly limit: number
  /** Opaque, from `nextCursor` of the page before. */
  readonly cursor?: string
}

export type ProductHit = ProductDocument & { readonly version: number }

/** `value: null` counts products without a category. */
export type Facet = { readonly value: string | null; readonly count: number }

export type ProductPage = {
  /** Best first (see ranking.ts), then by SKU. */
  readonly items: ReadonlyArray<ProductHit>
  /** Exact. */
  readonly total: number
  /** Most frequent first, at most `MAX_FACETS`. */
  readonly facets: { readonly category: ReadonlyArray<Facet> }
  readonly nextCursor: string | null
}

export const MAX_FACETS = 1000

/** The cursor is not one that this query gave. */
export class InvalidCursor extends Error {
  override readonly name = 'InvalidCursor'
  constructor() {
    super('the cursor is not one that this search answered')
  }
}

/** The documents themselves, by key: what a projector needs. Rejects when the engine is away. */
export type ProductDocuments = {
  /** Writes in one request; answers the failures of single documents (an outdated version is a success, not a failure). */
  readonly write: (products: ReadonlyArray<VersionedProduct>) => Promise<ReadonlyArray<WriteFailure>>
  /** Current state by key, tombstones included, seen at once (not only after a refresh); absent keys are left out. */
  readonly read: (keys: ReadonlyArray<ProductKey>) => Promise<ReadonlyArray<VersionedProduct>>
}

/** Product search: one contract, adapters for OpenSearch and for Postgres. Rejects when the engine is away. */
export type ProductSearch = ProductDocuments & {
  readonly engine: string
  /** Creates what the index needs; safe to call again. */
  readonly prepare: () => Promise<void>
  /** Makes all that was written visible to `search` and `suggest`. */
  readonly refresh: () => Promise<void>
  /**
   * Full text over name, SKU and category; tolerates a typo in a word of four letters or more.
   * Rejects with `InvalidCursor`; no text of `q` is an error.
   */
  readonly search: (query: ProductQuery) => Promise<ProductPage>
  /** Completions of the last word's prefix: distinct product names, at most `limit` (1 to 100). */
  readonly suggest: (tenant: string, prefix: string, limit: number) => Promise<ReadonlyArray<string>>
  readonly ready: () => Promise<boolean>
  readonly close: () => Promise<void>
}

/** `next` is being filled, `serving` answers queries and takes what projectors write, `previous` served before it. */
export type Generation = 'next' | 'serving' | 'previous'

/** What a generation holds of a product, without the product. */
export type Held = ProductKey & { readonly version: number; readonly deleted: boolean }

/** The generations of the index, of which one serves. Rejects when the engine is away. */
export type ProductIndexes = {
  readonly documents: (generation: Generation) => ProductDocuments
  /** Everything that was written so far, tombstones included, each product once, page by page. */
  readonly held: (generation: Generation) => AsyncIterable<ReadonlyArray<Held>>
  readonly has: (generation: Generation) => Promise<boolean>
  /** Whether it takes what the serving one takes; a migration may have changed that one meanwhile. */
  readonly fits: (generation: Generation) => Promise<boolean>
  /** Makes an empty next generation, quick to fill; one that an earlier run has left goes. */
  readonly createNext: () => Promise<void>
  /** Makes the next generation, now filled, as fit to serve as the serving one; safe to call again. */
  readonly finishNext: () => Promise<void>
  readonly dropNext: () => Promise<void>
  /** The previous generation becomes the next one. */
  readonly takeUpPrevious: () => Promise<void>
  /** In one atomic step the next generation serves, and the one that served is the previous; the one before that goes. */
  readonly serveNext: () => Promise<void>
}
