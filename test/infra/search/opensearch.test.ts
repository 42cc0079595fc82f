import { afterAll, describe, expect, test } from 'vitest'
import { openSearchProducts } from '../../../infra/search/opensearch.ts'
import { type BulkItem, failureOf } from '../../../infra/search/opensearch-answer.ts'
import type { ProductSearch } from '../../../infra/search/port.ts'
import { lantern, product } from '../../contracts/product-documents.ts'
import { productSearchContract } from '../../contracts/product-search.ts'
import { freshName, opensearchUrl } from '../../engines/engines.ts'

const url = opensearchUrl()
/** Nobody asks it where the engine is left out. */
const node = url ?? 'http://127.0.0.1:9'

const prefixes: string[] = []
const freshPrefix = (): string => {
  const prefix = `${freshName('search')}-`
  prefixes.push(prefix)
  return prefix
}

const unprepared = (indexPrefix = freshPrefix()): ProductSearch => openSearchProducts({ node, indexPrefix })

// The engine may outlive this run, and it holds a limited number of indexes.
afterAll(async () => {
  if (url === null) return
  for (const prefix of prefixes) await fetch(new URL(`/${prefix}products-v1`, node), { method: 'DELETE' })
})

describe.runIf(url !== null)('on the engine', () => {
  productSearchContract('OpenSearch', async () => {
    const search = unprepared()
    await search.prepare()
    return search
  })
})

const answerOf = async (path: string, init?: RequestInit): Promise<unknown> =>
  (await fetch(new URL(path, node), init)).json()

describe.runIf(url !== null)('product search on OpenSearch', () => {
  test('the alias stands before an index of its version, which refuses unknown fields', async () => {
    const prefix = freshPrefix()
    const search = unprepared(prefix)
    await Promise.all([search.prepare(), search.prepare()])
    expect(await answerOf(`/_alias/${prefix}products`)).toEqual({
      [`${prefix}products-v1`]: { aliases: { [`${prefix}products`]: {} } },
    })
    const unknownField = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"colour":"red"}' }
    expect(await answerOf(`/${prefix}products/_doc`, unknownField)).toMatchObject({ status: 400 })
    await search.close()
  })

  test('a write before the index was prepared may succeed later, and makes no index of its own', async () => {
    const search = unprepared()
    const written = product('acme', 1, lantern)
    expect(await search.write([written])).toMatchObject([{ sku: lantern.sku, retryable: true }])
    expect(await search.ready()).toBe(false)
    await search.prepare()
    expect(await search.write([written])).toEqual([])
    expect(await search.read([written])).toEqual([written])
    await search.close()
  })

  test('an engine that is away is not ready, and everything asked of it rejects', async () => {
    const away = openSearchProducts({ node: 'http://127.0.0.1:1', indexPrefix: 'away-', connection: { maxRetries: 0 } })
    expect(await away.ready()).toBe(false)
    await expect(away.write([product('acme', 1, lantern)])).rejects.toThrow()
    await expect(away.read([{ tenant: 'acme', sku: 'a' }])).rejects.toThrow()
    await expect(away.search({ tenant: 'acme', q: '', limit: 1 })).rejects.toThrow()
    await away.close()
  })

  test.each<[BulkItem | undefined, boolean | undefined]>([
    [{ status: 201 }, undefined],
    [{ status: 409, error: { type: 'version_conflict_engine_exception' } }, undefined],
    [{ status: 400, error: { type: 'mapper_parsing_exception', reason: 'no number' } }, false],
    [{ status: 404, error: { type: 'index_not_found_exception' } }, true],
    [{ status: 429, error: { type: 'rejected_execution_exception', reason: null } }, true],
    [{ status: 503, error: { type: 'unavailable_shards_exception' } }, true],
    [undefined, true],
  ])('of a bulk request, %j counts as a failure to retry: %s', (item, retryable) => {
    expect(failureOf({ tenant: 'acme', sku: 'a' }, item)?.retryable).toBe(retryable)
  })
})
