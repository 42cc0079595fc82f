import { table } from '../output.ts'
import type { Count, Report } from './tally.ts'

const LISTED = 20

const list = (title: string, items: ReadonlyArray<string>): string => {
  if (items.length === 0) return ''
  const shown = items.slice(0, LISTED).map((item) => `  ${item}\n`)
  const more = items.length > LISTED ? `  … and ${items.length - LISTED} more (--json lists all)\n` : ''
  return `\n${title} (${items.length}):\n${shown.join('')}${more}`
}

const counts = (name: string, { sent, alreadyThere, rejected }: Count): ReadonlyArray<string> => [
  name,
  String(sent),
  String(alreadyThere),
  String(rejected),
]

const KINDS = {
  product: 'product',
  order: 'order',
  creditNote: 'credit note',
  adjustment: 'adjustment',
  stockAdjustment: 'stock adjustment',
} as const

/** The report in words, for stdout. */
export const summary = (report: Report): string =>
  [
    table([
      ['', 'sent', 'already there', 'rejected'],
      counts('products', report.products),
      counts('orders', report.orders),
      counts('credit notes', report.creditNotes),
      counts('adjustments', report.adjustments),
      counts('stock adjustments', report.stockAdjustments),
    ]),
    `\n${report.rows.read} rows read, ${report.rows.malformed} malformed; `,
    `${report.invoices.read} invoices, ${report.invoices.skipped} skipped for a malformed row; `,
    `${report.seconds.toFixed(1)} s${report.complete ? '' : '; not complete'}\n`,
    list(
      'Malformed rows',
      report.malformed.map(
        ({ line, invoice, reason }) => `line ${line}${invoice === null ? '' : ` (invoice ${invoice})`}: ${reason}`,
      ),
    ),
    list(
      'Rejected',
      report.rejections.map(({ kind, id, code, message }) => `${KINDS[kind]} ${id}: ${code}: ${message}`),
    ),
    list(
      'Notes',
      report.notes.map(({ invoice, message }) => `invoice ${invoice}: ${message}`),
    ),
  ].join('')
