import { type API, type Client, errors } from '@opensearch-project/opensearch'
import { aliasOf, indexBody, indexOf } from './opensearch-index.ts'

export type Action = NonNullable<API.Indices_UpdateAliases_RequestBody['actions']>[number]

/** For how long all nodes may take to learn of an alias. */
const ACKNOWLEDGED_WITHIN = '5s'

const exists = (error: unknown): boolean =>
  error instanceof errors.ResponseError && error.message.includes('resource_already_exists_exception')

/**
 * Makes the first index, unless one serves. Index and alias come in one call, so no one ever sees the one without the other; and
 * whoever else prepares makes the same one.
 */
export const prepareIndex = async (client: Client, prefix: string): Promise<void> => {
  const alias = aliasOf(prefix, 'serving')
  const { body: serves } = await client.indices.existsAlias({ name: alias })
  if (serves) return
  try {
    await client.indices.create({ index: indexOf(prefix, 'v1'), body: { ...indexBody, aliases: { [alias]: {} } } })
  } catch (error) {
    if (!exists(error)) throw error
  }
}

/** By alias: the index that it stands for. */
export const standing = async (client: Client, prefix: string): Promise<ReadonlyMap<string, string>> => {
  const { body } = await client.indices.getAlias({ index: indexOf(prefix, '*') })
  return new Map(
    Object.entries(body).flatMap(([index, { aliases }]) => Object.keys(aliases).map((alias) => [alias, index])),
  )
}

/** In one atomic step. Not tried again by itself: what has happened already would be an error. */
export const changeAliases = async (client: Client, actions: Action[]): Promise<void> => {
  if (actions.length === 0) return
  const { body } = await client.indices.updateAliases(
    { body: { actions }, timeout: ACKNOWLEDGED_WITHIN },
    { maxRetries: 0 },
  )
  if (!body.acknowledged) throw new Error(`not all OpenSearch nodes knew of an alias within ${ACKNOWLEDGED_WITHIN}`)
}
