import { type FileHandle, open } from 'node:fs/promises'
import { addAbortSignal, pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { type Parser, parse } from 'csv-parse'
import { codeOf, Failure, reasonOf } from '../failure.ts'

/** RFC 1952 section 2.3.1. */
const GZIP_MAGIC = 0x1f8b

/** A quote that is never closed would swallow the rest of the file: no row of invoices comes near this. */
const LONGEST_ROW_BYTES = 1_048_576

const opened = async (path: string): Promise<FileHandle> => {
  const file = await open(path).catch((error) => {
    throw new Failure(`cannot read ${path}: ${codeOf(error) === 'ENOENT' ? 'there is no such file' : reasonOf(error)}`)
  })
  if ((await file.stat()).isFile()) return file
  await file.close()
  throw new Failure(`cannot read ${path}: it is not a file (a pipe will not do, the rows are read twice)`)
}

const isGzip = async (file: FileHandle): Promise<boolean> => {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0)
  return bytesRead === 2 && buffer.readUInt16BE() === GZIP_MAGIC
}

const csvParser = (): Parser =>
  parse({
    bom: true,
    info: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    max_record_size: LONGEST_ROW_BYTES,
  })

/**
 * Parses a CSV file in UTF-8 as a stream, never holding more of it than a few chunks. Unpacks it when its first bytes say
 * that it is gzip, whatever its name. Fails when there is no such file.
 */
export const parseCsvFile = async (path: string, stop?: AbortSignal): Promise<Parser> => {
  const file = await opened(path)
  const bytes = (await isGzip(file))
    ? [file.createReadStream({ start: 0 }), createGunzip()]
    : [file.createReadStream({ start: 0 })]
  const parser = csvParser()
  // An error anywhere destroys the parser with it, so that whoever iterates it sees it.
  pipeline([...bytes, parser], () => undefined)
  if (stop !== undefined) addAbortSignal(stop, parser)
  return parser
}

/** What went wrong with the file, in words for its owner. */
export const readFault = (path: string, thrown: unknown, lastLine: number): Failure => {
  if (thrown instanceof Failure) return thrown
  const code = codeOf(thrown) ?? ''
  if (code === 'CSV_QUOTE_NOT_CLOSED' || code === 'CSV_MAX_RECORD_SIZE') {
    return new Failure(`${path} is not CSV: a quote that opens after line ${lastLine} is never closed`)
  }
  if (code.startsWith('Z_')) return new Failure(`${path} is a damaged or cut off gzip file (${reasonOf(thrown)})`)
  return new Failure(`cannot read ${path}: ${reasonOf(thrown)}`)
}
