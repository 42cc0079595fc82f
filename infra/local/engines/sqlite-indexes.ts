import { DatabaseSync } from 'node:sqlite'

const BUSY_TIMEOUT_MS = 10_000

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

const onFile = <A>(databaseFile: string, work: (database: DatabaseSync) => A): A => {
  const database = new DatabaseSync(databaseFile, { timeout: BUSY_TIMEOUT_MS })
  try {
    return work(database)
  } finally {
    database.close()
  }
}

const hasTable = (database: DatabaseSync, name: string): boolean =>
  database.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").get(name) !== undefined

/**
 * Dynoxide numbers a stream record by `MAX(CAST(sequence_number AS INTEGER))` of the table's records, without an index: each
 * write reads them all, and puts fell from 900 to 80 a second within 10,000 records. This index makes it one look-up.
 * Answers false when the file has no such table (another version of dynoxide), which is slower but not wrong.
 */
export const indexStreamRecords = (databaseFile: string): boolean =>
  onFile(databaseFile, (database) => {
    if (!hasTable(database, '_stream_records')) return false
    database.exec(
      'CREATE INDEX IF NOT EXISTS daybook_stream_sequence ON _stream_records (table_name, CAST(sequence_number AS INTEGER))',
    )
    return true
  })

/**
 * Dynoxide orders a scan by (hash_prefix, pk, sk), without an index: it sorts the whole table for each page, and a page of a table
 * of a million items takes 7 s; with this index, and a limit for the page, 30 ms (docs/decisions/0003). To be called once the table is
 * there; while it holds little, for writers wait meanwhile. Answers false when there is no such table, or none of these columns, which is slower but not wrong.
 */
export const indexScans = (databaseFile: string, table: string): boolean =>
  onFile(databaseFile, (database) => {
    if (!hasTable(database, table)) return false
    const columns = database.prepare('SELECT name FROM pragma_table_info(?)').all(table)
    if (!columns.some(({ name }) => name === 'hash_prefix')) return false
    const index = quoted(`daybook_scan_${table}`)
    database.exec(`CREATE INDEX IF NOT EXISTS ${index} ON ${quoted(table)} (hash_prefix, pk, sk)`)
    return true
  })
