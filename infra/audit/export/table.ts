import { ByteWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer'
import { CSV_HEADER, csvRow } from './csv.ts'
import { COLUMNS, type Column, type EventRow } from './rows.ts'
import { fileSink, textSink, type Written } from './sink.ts'

/** A table of events as a file, for tools that read tables. */
export type TableFile = {
  readonly add: (rows: ReadonlyArray<EventRow>) => Promise<void>
  readonly end: () => Promise<Written>
  readonly close: () => Promise<void>
}

export const csvFile = async (dir: string): Promise<TableFile> => {
  const { write, drained, end, close } = await textSink(dir, 'events.csv')
  write(CSV_HEADER)
  return {
    add: async (rows) => {
      for (const row of rows) write(csvRow(row))
      await drained()
    },
    end,
    close,
  }
}

/** Rows of a row group: some megabytes of events, which are held until it is written. */
const ROW_GROUP = 2_000

const typeOf = (column: Column): 'INT32' | 'STRING' =>
  column === 'version' || column === 'schema_version' ? 'INT32' : 'STRING'

const columnsOf = (rows: ReadonlyArray<EventRow>) =>
  COLUMNS.map((name) => ({
    name,
    data: rows.map((row) => row[name]),
    type: typeOf(name),
    nullable: name === 'causation_id' || name === 'client',
  }))

/** Parquet with Snappy, by row groups. `data` is text of JSON. */
export const parquetFile = async (dir: string): Promise<TableFile> => {
  const sink = await fileSink(dir, 'events.parquet')
  const writer = new ByteWriter()
  const schema = schemaFromColumnData({ columnData: columnsOf([]) })
  const parquet = new ParquetWriter({ writer, schema, createdBy: 'daybook' })
  let held: EventRow[] = []
  const flush = async (): Promise<void> => {
    await sink.put(new Uint8Array(writer.buffer, 0, writer.index).slice())
    writer.index = 0
  }
  const writeGroup = async (): Promise<void> => {
    await parquet.write({ columnData: columnsOf(held), rowGroupSize: ROW_GROUP })
    held = []
    await flush()
  }
  return {
    add: async (rows) => {
      held.push(...rows)
      if (held.length >= ROW_GROUP) await writeGroup()
    },
    end: async () => {
      if (held.length > 0) await writeGroup()
      await parquet.finish()
      await flush()
      return sink.end()
    },
    close: sink.close,
  }
}
