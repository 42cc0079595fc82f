import { beforeAll, describe, expect, test } from 'vitest'
import type { ProductDocument, ProductDocuments, VersionedProduct } from '../../infra/search/port.ts'

export const lantern: ProductDocument = {
  sku: '85123A',
  name: 'WHITE HANGING LANTERN',
  category: 'Lanterns',
  price: '2.55',
  currency: 'GBP',
}

export const product = (tenant: string, version: number, document: ProductDocument): VersionedProduct => ({
  tenant,
  sku: document.sku,
  version,
  document,
})

export const tombstone = (tenant: string, version: number, sku: string): VersionedProduct => ({
  tenant,
  sku,
  version,
  document: null,
})

/** What every keeper of product documents promises; each test takes a tenant of its own. */
export const productDocumentsContract = (name: string, make: () => Promise<ProductDocuments>): void => {
  describe(`product documents: ${name}`, () => {
    let documents: ProductDocuments
    let tenants = 0
    const freshTenant = (): string => {
      tenants += 1
      return `documents-${tenants}`
    }

    beforeAll(async () => {
      documents = await make()
    })

    test('a product is read at once as it was written', async () => {
      const written = product(freshTenant(), 3, { ...lantern, price: '123456789012345.123456789012345678' })
      expect(await documents.write([written])).toEqual([])
      expect(await documents.read([written])).toEqual([written])
    })

    test('an unknown product is left out of what is read, and reading or writing nothing is fine', async () => {
      const tenant = freshTenant()
      await documents.write([product(tenant, 1, lantern)])
      const read = await documents.read([
        { tenant, sku: 'unknown' },
        { tenant, sku: lantern.sku },
      ])
      expect(read.map(({ sku }) => sku)).toEqual([lantern.sku])
      expect(await documents.read([])).toEqual([])
      expect(await documents.write([])).toEqual([])
    })

    test('an older version never overwrites a newer one, and that is no failure', async () => {
      const newer = product(freshTenant(), 5, lantern)
      await documents.write([newer])
      expect(await documents.write([{ ...newer, version: 4, document: { ...lantern, name: 'OLD' } }])).toEqual([])
      expect(await documents.read([newer])).toEqual([newer])
    })

    test('the same version written twice leaves the first', async () => {
      const first = product(freshTenant(), 5, lantern)
      await documents.write([first])
      expect(await documents.write([{ ...first, document: { ...lantern, name: 'OTHER' } }])).toEqual([])
      expect(await documents.read([first])).toEqual([first])
    })

    test('of one product written several times in a batch the newest stays', async () => {
      const tenant = freshTenant()
      const written = [2, 4, 3].map((version) => product(tenant, version, { ...lantern, name: `VERSION ${version}` }))
      expect(await documents.write(written)).toEqual([])
      expect(await documents.read([{ tenant, sku: lantern.sku }])).toEqual([written[1]])
    })

    test('a tombstone keeps its version and holds against older writes; a newer one brings the product back', async () => {
      const tenant = freshTenant()
      const removed = tombstone(tenant, 3, lantern.sku)
      await documents.write([product(tenant, 2, lantern)])
      await documents.write([removed])
      await documents.write([product(tenant, 2, lantern)])
      expect(await documents.read([removed])).toEqual([removed])
      const back = product(tenant, 4, lantern)
      await documents.write([back])
      expect(await documents.read([removed])).toEqual([back])
    })

    test('a tombstone of a product that never came is kept as well', async () => {
      const removed = tombstone(freshTenant(), 2, 'never-seen')
      await documents.write([removed])
      expect(await documents.read([removed])).toEqual([removed])
    })

    test('SKUs that differ in case or in a space are different products, and so are those of two tenants', async () => {
      const [tenant, other] = [freshTenant(), freshTenant()]
      const keys = [
        { tenant, sku: '85014B' },
        { tenant, sku: '85014b' },
        { tenant, sku: 'BANK CHARGES' },
        { tenant, sku: 'BANKCHARGES' },
        { tenant: other, sku: '85014B' },
      ]
      const written = keys.map((key, index) => product(key.tenant, index + 1, { ...lantern, sku: key.sku }))
      expect(await documents.write(written)).toEqual([])
      expect(new Set(await documents.read(keys))).toEqual(new Set(written))
    })

    test('writers at once, in any order of products, leave the newest version and do not block each other', async () => {
      const tenant = freshTenant()
      const keys = Array.from({ length: 300 }, (_, index) => ({ tenant, sku: `P${index}` }))
      const batch = (version: number) => keys.map(({ sku }) => product(tenant, version, { ...lantern, sku }))
      const writes = [3, 1, 6, 2, 5, 4].map((version, index) =>
        documents.write(index % 2 === 0 ? batch(version) : batch(version).toReversed()),
      )
      expect((await Promise.all(writes)).flat()).toEqual([])
      expect(new Set((await documents.read(keys)).map(({ version }) => version))).toEqual(new Set([6]))
    })
  })
}
