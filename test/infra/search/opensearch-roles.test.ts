import { expect, it } from 'vitest'
import { openSearchClient } from '../../../infra/search/opensearch-client.ts'
import { giveSearchRoles } from '../../../infra/search/opensearch-roles.ts'
import { standIn } from '../../aws/stand-in.ts'

/** Stands in for the security plugin, which no engine of a laptop has: notes what it is told, or says no. */
const domain = async (status: number) => {
  const told = new Map<string, unknown>()
  const server = await standIn(({ method, url, body }) => {
    told.set(`${method} ${url.pathname}`, JSON.parse(body.toString('utf8')))
    return { status, headers: { 'Content-Type': 'application/json' }, body: '{"status":"OK"}' }
  })
  const client = openSearchClient({ node: server.url, indexPrefix: 'daybook-' })
  return { told, client, close: () => client.close().then(server.stop) }
}

const ROLES = { readers: ['arn:aws:iam::1:role/query'], writers: ['arn:aws:iam::1:role/project'] }

it('who searches may read the indexes of that prefix alone, and who projects may write them', async () => {
  const { told, client, close } = await domain(200)
  await giveSearchRoles(client, 'daybook-', ROLES)
  await close()
  const on = (...allowed_actions: ReadonlyArray<string>) => [{ index_patterns: ['daybook-*'], allowed_actions }]
  expect(told.get('PUT /_plugins/_security/api/roles/daybook_search_reader')).toMatchObject({
    index_permissions: on('read'),
  })
  expect(told.get('PUT /_plugins/_security/api/roles/daybook_search_writer')).toMatchObject({
    index_permissions: on('crud', 'create_index', 'manage'),
  })
  expect(told.get('PUT /_plugins/_security/api/rolesmapping/daybook_search_reader')).toEqual({
    backend_roles: ROLES.readers,
  })
  expect(told.get('PUT /_plugins/_security/api/rolesmapping/daybook_search_writer')).toEqual({
    backend_roles: ROLES.writers,
  })
})

it('rejects where the domain does not take it', async () => {
  const { client, close } = await domain(403)
  await expect(giveSearchRoles(client, 'daybook-', ROLES)).rejects.toThrow()
  await close()
})
