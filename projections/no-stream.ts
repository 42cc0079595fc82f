import type { StreamName } from '../infra/event-store/port.ts'

/** Where a record that names no stream is parked: under what the feed calls it, in a tenant that cannot exist. */
export const noStream = (recordId: string): StreamName => ({ tenant: '?', type: '?', id: recordId })
