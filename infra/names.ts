/** Names of tables and streams, wherever they run; AWS stacks prefix them by environment. */
export const EVENT_TABLE_NAME = 'daybook-events'
export const REQUEST_TABLE_NAME = 'daybook-requests'
export const KINESIS_STREAM_NAME = 'daybook-commits'
/** Also keeps the embedded Kinesis fast: its writes slow down with the number of records in a shard. */
export const KINESIS_SHARDS = 16
