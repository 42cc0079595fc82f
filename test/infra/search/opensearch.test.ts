import { openSearchProducts } from '../../../infra/search/opensearch.ts'
import type { ProductSearch } from '../../../infra/search/port.ts'
import { productSearchContract } from '../../contracts/product-search.ts'
import { freshName, opensearchUrl } from '../../engines/engines.ts'

const fresh = async (): Promise<ProductSearch> => {
  const node = opensearchUrl()
  if (node === null) throw new Error('OpenSearch is not running: it needs Java 21 or newer, and Maven')
  const search = openSearchProducts({ node, indexPrefix: `${freshName('search').toLowerCase()}-` })
  await search.prepare()
  return search
}

productSearchContract('OpenSearch', fresh)
