import { codeOf } from './failure.ts'

/** Whoever reads us may stop early (`| head`): that is not an error. */
export const endQuietlyWhenNobodyReads = (...streams: ReadonlyArray<NodeJS.WriteStream>): void => {
  for (const stream of streams) {
    stream.on('error', (error) => {
      if (codeOf(error) !== 'EPIPE') throw error
    })
  }
}

export const printJson = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}

/** Text of others, fit for a terminal: control characters, and with them line ends, become spaces. */
export const oneLine = (text: string): string => text.replaceAll(/\p{Cc}+/gu, ' ')

/** Columns aligned by spaces: the first to the left, the others to the right. */
export const table = (rows: ReadonlyArray<ReadonlyArray<string>>): string => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const line = (row: ReadonlyArray<string>): string =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd()
  return rows.map((row) => `${line(row)}\n`).join('')
}
