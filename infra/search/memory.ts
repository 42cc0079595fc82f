import type { ProductDocuments, ProductKey, VersionedProduct } from './port.ts'

const idOf = ({ tenant, sku }: ProductKey): string => `${tenant}/${sku}`

/** Products in memory, for tests and simulations: versions and tombstones as the engines keep them, without their search. */
export const memoryProducts = (): ProductDocuments & { readonly all: () => ReadonlyArray<VersionedProduct> } => {
  const products = new Map<string, VersionedProduct>()
  return {
    write: async (written) => {
      for (const product of written) {
        const before = products.get(idOf(product))
        if (before === undefined || before.version < product.version) products.set(idOf(product), product)
      }
      return []
    },
    read: async (keys) => keys.map((key) => products.get(idOf(key))).filter((product) => product !== undefined),
    all: () => [...products.values()],
  }
}
