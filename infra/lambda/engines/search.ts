import { AwsSigv4Signer } from '@opensearch-project/opensearch/aws-v3'
import { INDEX_PREFIX } from '../../names.ts'
import { openSearchProducts } from '../../search/opensearch.ts'
import type { OpenSearchOptions } from '../../search/opensearch-client.ts'
import type { ProductSearch } from '../../search/port.ts'
import type { Told } from '../environment.ts'

/** Of somebody who waits for an answer, in milliseconds; the one retry is for connections that broke while the function was frozen. */
export const IMPATIENT = { requestTimeout: 2_500, maxRetries: 1 } as const

const signing = (): OpenSearchOptions['connection'] =>
  AwsSigv4Signer({ region: process.env['AWS_REGION'] ?? '', service: 'es' })

/** @param patience that of the client itself, unless given. */
export const searchOf = (
  {
    DAYBOOK_OPENSEARCH_URL: node,
    DAYBOOK_OPENSEARCH_AUTH: auth,
  }: Told<'DAYBOOK_OPENSEARCH_URL' | 'DAYBOOK_OPENSEARCH_AUTH'>,
  patience: OpenSearchOptions['connection'] = {},
): ProductSearch =>
  openSearchProducts({
    node,
    indexPrefix: INDEX_PREFIX,
    connection: { ...patience, ...(auth === 'iam' && signing()) },
  })
