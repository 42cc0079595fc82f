/** A column's value. Decimals and times are strings (exact decimals, RFC 3339). */
export type Value = string | number | boolean | null
export type Row = { readonly [column: string]: Value }

/**
 * What an event does to a view. `put`, `patch` and `remove` concern a row that is owned by the event's own stream, so its
 * changes come in the stream's order. `add` concerns a row shared by many streams: numeric deltas, which commute.
 */
export type Change =
  | { readonly op: 'put'; readonly table: string; readonly key: Row; readonly row: Row }
  | { readonly op: 'patch'; readonly table: string; readonly key: Row; readonly row: Row }
  | { readonly op: 'remove'; readonly table: string; readonly key: Row }
  | { readonly op: 'add'; readonly table: string; readonly key: Row; readonly deltas: Deltas }

/** Numeric deltas: integers as numbers, exact decimals as strings. */
export type Deltas = { readonly [column: string]: number | string }

export const put = (table: string, key: Row, row: Row): Change => ({ op: 'put', table, key, row })
export const patch = (table: string, key: Row, row: Row): Change => ({ op: 'patch', table, key, row })
export const remove = (table: string, key: Row): Change => ({ op: 'remove', table, key })
export const add = (table: string, key: Row, deltas: Deltas): Change => ({ op: 'add', table, key, deltas })
