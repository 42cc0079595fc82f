import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { TENANT_SETTING } from '../postgres/roles.ts'
import type { Asked } from '../postgres/statement.ts'
import { checkpointTableOf } from './checkpoint-table.ts'

const Row = t.type({ version: t.number })

/**
 * Up to which version of a stream of the reader's tenant a projection has come; 0 when it has none of it.
 * @param asked of `asReader` or `readOnce`, which name the tenant.
 */
export const checkpointOf = async (
  asked: Asked,
  projection: string,
  stream: { readonly streamType: string; readonly streamId: string },
): Promise<number> => {
  const { rows } = await asked.query({
    name: `daybook_checkpoint_of_${projection}`,
    text: `SELECT version FROM ${checkpointTableOf(projection)}
            WHERE tenant = current_setting($1) AND stream_type = $2 AND stream_id = $3`,
    values: [TENANT_SETTING, stream.streamType, stream.streamId],
  })
  const row = Row.decode(rows[0])
  return E.isRight(row) ? row.right.version : 0
}
