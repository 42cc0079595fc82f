import { AwsSigv4Signer } from '@opensearch-project/opensearch/aws-v3'
import { INDEX_PREFIX } from '../../names.ts'
import { openSearchProducts } from '../../search/opensearch.ts'
import { type OpenSearchOptions, openSearchClient } from '../../search/opensearch-client.ts'
import { giveSearchRoles, type SearchRoles } from '../../search/opensearch-roles.ts'
import type { ProductSearch } from '../../search/port.ts'
import type { Told } from '../environment.ts'

/** Of somebody who waits for an answer, in milliseconds; the one retry is for connections that broke while the function was frozen. */
export const IMPATIENT = { requestTimeout: 2_500, maxRetries: 1 } as const

const signing = () => AwsSigv4Signer({ region: process.env['AWS_REGION'] ?? '', service: 'es' })

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

/** @param patience that of the client itself, unless given. */
export const searchOf = (told: SearchTold, patience: OpenSearchOptions['connection'] = {}): ProductSearch => {
  const { connection, ...domain } = domainOf(told)
  return openSearchProducts({ ...domain, connection: { ...patience, ...connection } })
}

/** Says which roles of IAM may search and write (opensearch-roles.ts). */
export const giveRolesIn = async (told: SearchTold, roles: SearchRoles): Promise<void> => {
  const client = openSearchClient(domainOf(told))
  try {
    await giveSearchRoles(client, INDEX_PREFIX, roles)
  } finally {
    await client.close()
  }
}
