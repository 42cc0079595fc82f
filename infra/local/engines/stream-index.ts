import { DatabaseSync } from 'node:sqlite'

const BUSY_TIMEOUT_MS = 10_000

/**
 * Dynoxide numbers a stream record by `MAX(CAST(sequence_number AS INTEGER))` of the table's records, without an index: each
 * write reads them all, and puts fell from 900 to 80 a second within 10,000 records. This index makes it one look-up.
 * Answers false when the file has no such table (another version of dynoxide), which is slower but not wrong.
 */
export const indexStreamRecords = (databaseFile: string): boolean => {
  const database = new DatabaseSync(databaseFile, { timeout: BUSY_TIMEOUT_MS })
  try {
    const table = database
      .prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '_stream_records'")
      .get()
    if (table === undefined) return false
    database.exec(
      'CREATE INDEX IF NOT EXISTS daybook_stream_sequence ON _stream_records (table_name, CAST(sequence_number AS INTEGER))',
    )
    return true
  } finally {
    database.close()
  }
}
