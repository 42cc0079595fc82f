import type { StreamName } from '../event-store/port.ts'

/** Columns that name a stream. */
export type StreamRow = { readonly tenant: string; readonly stream_type: string; readonly stream_id: string }

export const streamOf = ({ tenant, stream_type: type, stream_id: id }: StreamRow): StreamName => ({ tenant, type, id })
