import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge'
import type { CloudEvent } from '../../schemas/integration/cloud-event.ts'
import { EVENT_LIMIT } from './port.ts'

/** EventBridge: 10 entries a PutEvents request. */
const MAXIMUM_ENTRIES = 10

/** EventBridge: 1 MB a request, all of its entries together. */
const MAXIMUM_BYTES = EVENT_LIMIT

/** What rules match as `source`; the CloudEvent's own source tells which Daybook it was, and which tenant. */
const SOURCE = 'com.daybook'

export type Entry = PutEventsRequestEntry & { readonly Detail: string }

/** The whole CloudEvent is the detail, so that it reaches whoever it is handed on to; rules match `detail-type` and `detail.tenant`. */
export const entryOf = (bus: string, event: CloudEvent): Entry => ({
  EventBusName: bus,
  Source: SOURCE,
  DetailType: event.type,
  Time: new Date(event.time),
  Detail: JSON.stringify(event),
})

/** Bytes, as EventBridge counts them: 14 for the time, the others in UTF-8 (User Guide, "Calculating PutEvents event entry size"). */
const entrySize = ({ Source = '', DetailType = '', Detail }: Entry): number =>
  14 + Buffer.byteLength(Source) + Buffer.byteLength(DetailType) + Buffer.byteLength(Detail, 'utf8')

export const sizeOf = (request: ReadonlyArray<Entry>): number =>
  request.reduce((size, entry) => size + entrySize(entry), 0)

/** What to send in one request each, in order. An entry that is too large by itself stands alone. */
export const requestsOf = (entries: ReadonlyArray<Entry>): ReadonlyArray<ReadonlyArray<Entry>> => {
  const requests: Entry[][] = []
  let bytes = 0
  for (const entry of entries) {
    const size = entrySize(entry)
    const current = requests.at(-1)
    if (current === undefined || current.length === MAXIMUM_ENTRIES || bytes + size > MAXIMUM_BYTES) {
      requests.push([entry])
      bytes = size
    } else {
      current.push(entry)
      bytes += size
    }
  }
  return requests
}
