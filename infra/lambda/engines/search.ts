import { AwsSigv4Signer } from '@opensearch-project/opensearch/aws-v3'
import { INDEX_PREFIX } from '../../names.ts'
import { openSearchProducts } from '../../search/opensearch.ts'
import type { ProductSearch } from '../../search/port.ts'
import type { Told } from '../environment.ts'

/** Milliseconds: API Gateway gives up after 29 seconds, and a user before. */
const PATIENCE = { requestTimeout: 4_000, maxRetries: 1 } as const

const signing = () => ({
  ...AwsSigv4Signer({ region: process.env['AWS_REGION'] ?? '', service: 'es' }),
})

export const searchOf = ({
  DAYBOOK_OPENSEARCH_URL: node,
  DAYBOOK_OPENSEARCH_AUTH: auth,
}: Told<'DAYBOOK_OPENSEARCH_URL' | 'DAYBOOK_OPENSEARCH_AUTH'>): ProductSearch =>
  openSearchProducts({
    node,
    indexPrefix: INDEX_PREFIX,
    connection: { ...PATIENCE, ...(auth === 'iam' && signing()) },
  })
