import type { CommitTooLarge } from './port.ts'

/** Bytes of canonical text (RFC 8785, UTF-8) that the events of one command may have, and that a reader unpacks at the most. */
export const EVENTS_LIMIT = 8 * 1024 * 1024

/** DynamoDB: 400 KB an item; the rest is our margin for the way it counts numbers. */
export const ITEM_LIMIT = 400 * 1024 - 1024

/** Packed events above this many bytes go to object storage: so a feed's record, in base64, fills half of Kinesis' 1 MiB. */
export const INLINE_LIMIT = 350 * 1024

/** Bytes of gzipped events: what does not compress grows by a few bytes a block (RFC 1951 section 3.2.4). */
export const PACKED_LIMIT = EVENTS_LIMIT + 64 * 1024

/** DynamoDB: 2,048 bytes a partition key. */
export const PARTITION_KEY_LIMIT = 2048

/** What is too large about the events of a command; undefined when they fit. */
export const tooLarge = (eventsText: string): CommitTooLarge | undefined => {
  const size = Buffer.byteLength(eventsText, 'utf8')
  return size > EVENTS_LIMIT ? { _tag: 'CommitTooLarge', size, limit: EVENTS_LIMIT } : undefined
}
