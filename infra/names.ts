/** Names of tables and streams, wherever they run; AWS stacks prefix them by environment. */
export const EVENT_TABLE_NAME = 'daybook-events'
export const REQUEST_TABLE_NAME = 'daybook-requests'
export const SNAPSHOT_TABLE_NAME = 'daybook-snapshots'
export const RESERVATION_TABLE_NAME = 'daybook-reservations'
export const SUBJECT_KEY_TABLE_NAME = 'daybook-subject-keys'
export const KINESIS_STREAM_NAME = 'daybook-commits'
/** Of the embedded Kinesis, whose writes slow down with what a shard holds, and whose readers ask every shard. */
export const KINESIS_SHARDS = 4
/** Begins the names of search indexes and of their aliases. */
export const INDEX_PREFIX = 'daybook-'
