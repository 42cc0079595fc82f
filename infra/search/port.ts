/** What the search index holds of a product. Absent from the index's answers once it is removed. */
export type ProductDocument = {
  readonly sku: string
  readonly name: string
  readonly category: string | null
  /** Exact decimal. */
  readonly price: string
  readonly currency: string
}

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

export type ProductQuery = {
  readonly tenant: string
  /** Empty: everything, by SKU. */
  readonly q: string
  readonly category?: string
  /** 1 to 1,000. */
  readonly limit: number
  /** Opaque, from `nextCursor` of the page before. */
  readonly cursor?: string
}

export type ProductHit = ProductDocument & { readonly version: number }

export type ProductPage = {
  readonly items: ReadonlyArray<ProductHit>
  readonly total: number
  readonly facets: { readonly category: ReadonlyArray<{ readonly value: string | null; readonly count: number }> }
  readonly nextCursor: string | null
}

/** Product search: one contract, adapters for OpenSearch and for Postgres. Rejects when the engine is away. */
export type ProductSearch = {
  readonly engine: string
  /** Creates what the index needs; safe to call again. */
  readonly prepare: () => Promise<void>
  /** Writes in one request; answers the failures of single documents (an outdated version is a success, not a failure). */
  readonly write: (products: ReadonlyArray<VersionedProduct>) => Promise<ReadonlyArray<WriteFailure>>
  /** Current state by key, tombstones included, seen at once (not only after a refresh); absent keys are left out. */
  readonly read: (
    keys: ReadonlyArray<{ readonly tenant: string; readonly sku: string }>,
  ) => Promise<ReadonlyArray<VersionedProduct>>
  /** Makes all that was written visible to `search` and `suggest`. */
  readonly refresh: () => Promise<void>
  /** Full text over name, SKU and category; tolerates a typo in a word of four letters or more. */
  readonly search: (query: ProductQuery) => Promise<ProductPage>
  /** Completions of the last word's prefix: distinct product names, at most `limit`. */
  readonly suggest: (tenant: string, prefix: string, limit: number) => Promise<ReadonlyArray<string>>
  readonly ready: () => Promise<boolean>
  readonly close: () => Promise<void>
}
