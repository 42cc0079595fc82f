import type { ClientBase } from 'pg'
import { TENANT_SETTING } from '../postgres/roles.ts'

/**
 * Up to which version of a stream of the reader's tenant a projection has come; 0 when it has none of it.
 * @param client of `asReader`, which names the tenant.
 */
export const checkpointOf = async (
  client: ClientBase,
  projection: string,
  stream: { readonly streamType: string; readonly streamId: string },
): Promise<number> => {
  const { rows } = await client.query<{ version: number }>(
    `SELECT version FROM checkpoints
      WHERE projection = $1 AND tenant = current_setting($2) AND stream_type = $3 AND stream_id = $4`,
    [projection, TENANT_SETTING, stream.streamType, stream.streamId],
  )
  return rows[0]?.version ?? 0
}
