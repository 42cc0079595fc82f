/** Names of the feeds' consumers; their positions and dead letters lie in files of these names. */
export const VIEWS = 'postgres-views'
export const SEARCH = 'product-search'
export const ARCHIVE = 'archive'
