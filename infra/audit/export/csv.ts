import { COLUMNS, type EventRow } from './rows.ts'

/**
 * Spreadsheets take a cell that begins so for a formula (OWASP, CSV injection); an apostrophe in front makes it text. One that begins
 * with an apostrophe gets another, so that taking the first one away gives every cell back.
 */
const FORMULA = /^[=+\-@\t\r']/

/** RFC 4180: what holds one of these is quoted. */
const SPECIAL = /[",\r\n]/

const cell = (value: string | number | null): string => {
  if (typeof value === 'number') return String(value)
  const text = value ?? ''
  const safe = FORMULA.test(text) ? `'${text}` : text
  return SPECIAL.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

export const CSV_HEADER = `${COLUMNS.join(',')}\r\n`

/** A row of RFC 4180, with its line break. */
export const csvRow = (row: EventRow): string => `${COLUMNS.map((column) => cell(row[column])).join(',')}\r\n`
