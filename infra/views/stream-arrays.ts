import type { StreamName } from '../event-store/port.ts'
import { arrayLiteral } from '../postgres/array-literal.ts'

/** Parameters for `unnest(…::text[], …::text[], …::text[]) AS s (tenant, stream_type, stream_id)`. */
export const streamArrays = (streams: ReadonlyArray<StreamName>): readonly [string, string, string] => [
  arrayLiteral(streams.map(({ tenant }) => tenant)),
  arrayLiteral(streams.map(({ type }) => type)),
  arrayLiteral(streams.map(({ id }) => id)),
]
