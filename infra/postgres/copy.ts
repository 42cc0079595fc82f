import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type ClientBase, escapeIdentifier } from 'pg'
import { from } from 'pg-copy-streams'

type Value = string | number | boolean | null

const SPECIAL = /[\\\n\r\t]/

const ESCAPES: { readonly [character: string]: string } = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

const field = (value: Value): string => {
  if (value === null) return '\\N'
  if (typeof value !== 'string') return String(value)
  return SPECIAL.test(value) ? value.replace(/[\\\n\r\t]/g, (found) => ESCAPES[found] ?? found) : value
}

/** Values in COPY's text format (PostgreSQL, COPY, "Text Format"), side by side. */
export const copyFields = (values: ReadonlyArray<Value>): string => values.map(field).join('\t')

/** One row in COPY's text format, its end of line included. */
export const copyLine = (values: ReadonlyArray<Value>): string => `${copyFields(values)}\n`

/** Lines that are joined to one chunk for the socket. */
const CHUNK = 2_000

function* chunksOf(lines: ReadonlyArray<string>): Generator<Buffer> {
  for (let at = 0; at < lines.length; at += CHUNK) yield Buffer.from(lines.slice(at, at + CHUNK).join(''), 'utf8')
}

/** Copies what is in COPY's text format, all or none. `target` is a table, spelt for SQL, perhaps with columns. */
export const copyBytes = (client: ClientBase, target: string, chunks: Iterable<Buffer>): Promise<void> =>
  pipeline(Readable.from(chunks), client.query(from(`COPY ${target} FROM STDIN`)))

/** Copies lines of `copyLine` into a table, all or none. `table` is taken as it is, so that it may name its schema. */
export const copyInto = async (
  client: ClientBase,
  table: string,
  columns: ReadonlyArray<string>,
  lines: ReadonlyArray<string>,
): Promise<void> => {
  if (lines.length === 0) return
  const names = columns.map((column) => escapeIdentifier(column)).join()
  await copyBytes(client, `${table} (${names})`, chunksOf(lines))
}
