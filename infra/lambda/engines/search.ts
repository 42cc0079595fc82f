import { AwsSigv4Signer } from '@opensearch-project/opensearch/aws-v3'
import { INDEX_PREFIX } from '../../names.ts'
import { openSearchProducts } from '../../search/opensearch.ts'
import type { OpenSearchOptions } from '../../search/opensearch-client.ts'
import type { ProductSearch } from '../../search/port.ts'
import type { Told } from '../environment.ts'

/** Milliseconds: API Gateway gives up after 29 seconds, and a user before. */
const PATIENCE = { requestTimeout: 4_000, maxRetries: 1 } as const

const signing = () => ({
  ...AwsSigv4Signer({ region: process.env['AWS_REGION'] ?? '', service: 'es' }),
})

type SearchTold = Told<'DAYBOOK_OPENSEARCH_URL' | 'DAYBOOK_OPENSEARCH_AUTH'>

/** Where the domain is, and how its requests are signed. */
export const domainOf = ({
  DAYBOOK_OPENSEARCH_URL: node,
  DAYBOOK_OPENSEARCH_AUTH: auth,
}: SearchTold): OpenSearchOptions => ({
  node,
  indexPrefix: INDEX_PREFIX,
  ...(auth === 'iam' && { connection: signing() }),
})

export const searchOf = (told: SearchTold): ProductSearch => {
  const { connection, ...domain } = domainOf(told)
  return openSearchProducts({ ...domain, connection: { ...PATIENCE, ...connection } })
}
