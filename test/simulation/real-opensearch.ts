import * as t from 'io-ts'
import { aliasOf, indexBody, indexOf } from '../../infra/search/opensearch-index.ts'

const PREFIX = 'daybook-'
const ALIAS = aliasOf(PREFIX, 'serving')

const Shards = t.array(t.type({ index: t.string, node: t.string }))

const ask = async (url: string, path: string, method: 'GET' | 'PUT' | 'POST', body?: object): Promise<unknown> => {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(new URL(path, url), { method, headers, ...(body && { body: JSON.stringify(body) }) })
  if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`)
  return answer.json()
}

/** Makes the index of products before Daybook does, with a mapping that takes no product of a category. */
export const makeIndexWithoutCategories = (url: string): Promise<unknown> => {
  const { mappings, ...body } = indexBody
  const properties = { ...mappings?.properties, category: { type: 'integer' } }
  return ask(url, `/${indexOf(PREFIX, 'odd')}`, 'PUT', {
    ...body,
    mappings: { ...mappings, properties },
    aliases: { [ALIAS]: {} },
  })
}

/** How many primary shards a node may open at a time; null: as many as by default. With none, none comes back to its node. */
const openings = (url: string, most: number | null): Promise<unknown> =>
  ask(url, '/_cluster/settings', 'PUT', {
    transient: { 'cluster.routing.allocation.node_initial_primaries_recoveries': most },
  })

/** Turns the index red: takes its only shard from its node. Other indexes stay as they are, but none can be made meanwhile. */
export const breakIndex = async (url: string): Promise<void> => {
  const shards = await ask(url, `/_cat/shards/${ALIAS}?h=index,node&format=json`, 'GET')
  if (!Shards.is(shards)) throw new Error('OpenSearch does not tell where its shards are')
  await openings(url, 0)
  const cancel = { ...shards[0], shard: 0, allow_primary: true }
  await ask(url, '/_cluster/reroute?metric=none', 'POST', { commands: [{ cancel }] })
}

export const mendIndex = async (url: string): Promise<void> => {
  await openings(url, null)
}
