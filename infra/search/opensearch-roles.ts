import type { Client } from '@opensearch-project/opensearch'
import * as t from 'io-ts'
import { strict } from '../../schemas/strict.ts'

/** By the ARNs of their IAM roles: who searches, and who writes documents and the indexes that they are in. */
export const SearchRoles = strict({ readers: t.readonlyArray(t.string), writers: t.readonlyArray(t.string) })
export type SearchRoles = t.TypeOf<typeof SearchRoles>

/** Action groups of OpenSearch's security plugin ("Default action groups"). */
const READING = { cluster: ['cluster_composite_ops_ro', 'cluster:monitor/health'], index: ['read'] }
const WRITING = {
  cluster: ['cluster_composite_ops', 'cluster:monitor/health'],
  index: ['crud', 'create_index', 'manage'],
}

/**
 * Says who may do what in a domain with fine-grained access control, where nobody may do anything unless it is said. To be called as the
 * domain's master user; safe to call again.
 */
export const giveSearchRoles = async (client: Client, indexPrefix: string, roles: SearchRoles): Promise<void> => {
  const put = async (path: string, body: object): Promise<void> => {
    await client.transport.request({ method: 'PUT', path: `/_plugins/_security/api/${path}`, body })
  }
  const give = async (name: string, allowed: typeof READING, arns: ReadonlyArray<string>): Promise<void> => {
    await put(`roles/${name}`, {
      cluster_permissions: allowed.cluster,
      index_permissions: [{ index_patterns: [`${indexPrefix}*`], allowed_actions: allowed.index }],
    })
    await put(`rolesmapping/${name}`, { backend_roles: arns })
  }
  await give('daybook_search_reader', READING, roles.readers)
  await give('daybook_search_writer', WRITING, roles.writers)
}
