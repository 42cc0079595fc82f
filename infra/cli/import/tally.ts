import type { Kind } from './documents.ts'
import type { Outcome } from './send.ts'
import type { MalformedRow, Survey } from './survey.ts'

/** `sent`: this run made it. `alreadyThere`: an earlier run had, or an earlier try whose answer was lost. `rejected`: it is not there, for a reason listed. */
export type Count = { readonly sent: number; readonly alreadyThere: number; readonly rejected: number }

type Rejection = {
  readonly kind: Kind
  /** SKU or invoice number. */
  readonly id: string
  /** The API's code; `not_expressible` when the importer had nothing to send. */
  readonly code: string
  readonly message: string
}

export type Report = {
  /** Whether the file was gone through to its end. */
  readonly complete: boolean
  readonly rows: { readonly read: number; readonly malformed: number }
  /** `skipped`: left out whole because of a malformed row. */
  readonly invoices: { readonly read: number; readonly skipped: number }
  readonly products: Count
  readonly orders: Count
  readonly creditNotes: Count
  readonly adjustments: Count
  readonly stockAdjustments: Count
  readonly malformed: ReadonlyArray<MalformedRow>
  readonly rejections: ReadonlyArray<Rejection>
  readonly notes: ReadonlyArray<{ readonly invoice: string; readonly message: string }>
  readonly seconds: number
}

export type Tally = {
  readonly count: (kind: Kind, id: string, outcome: Outcome) => void
  readonly note: (invoice: string, message: string) => void
  readonly report: (survey: Survey, complete: boolean, seconds: number) => Report
}

const FIELDS = { Sent: 'sent', AlreadyThere: 'alreadyThere', Rejected: 'rejected' } as const

export const tally = (): Tally => {
  const none = () => ({ sent: 0, alreadyThere: 0, rejected: 0 })
  const counts = { product: none(), order: none(), creditNote: none(), adjustment: none(), stockAdjustment: none() }
  const rejections: Array<Rejection> = []
  const notes: Array<{ readonly invoice: string; readonly message: string }> = []
  return {
    count: (kind, id, outcome) => {
      counts[kind][FIELDS[outcome._tag]] += 1
      if (outcome._tag === 'Rejected') rejections.push({ kind, id, code: outcome.code, message: outcome.message })
    },
    note: (invoice, message) => {
      notes.push({ invoice, message })
    },
    report: ({ rows, malformed, invoices, skipped }, complete, seconds) => ({
      complete,
      rows: { read: rows, malformed: malformed.length },
      invoices: { read: invoices.size + skipped, skipped },
      products: counts.product,
      orders: counts.order,
      creditNotes: counts.creditNote,
      adjustments: counts.adjustment,
      stockAdjustments: counts.stockAdjustment,
      malformed,
      rejections,
      notes,
      seconds,
    }),
  }
}
