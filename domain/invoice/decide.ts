import * as E from 'fp-ts/lib/Either.js'
import type { InvoiceEvent } from '../../schemas/events/invoice.ts'
import type { InvoiceRejection } from './rejections.ts'
import type { InvoiceDocument, InvoiceState } from './state.ts'

/** `number`: the next of the tenant's sequence; it is used only if the invoice is issued. */
type IssueInvoice = InvoiceDocument & { readonly type: 'IssueInvoice'; readonly invoiceId: string }

type VoidInvoice = {
  readonly type: 'VoidInvoice'
  readonly invoiceId: string
  readonly reason: string
  readonly voidedAt: string
}

export type InvoiceCommand = IssueInvoice | VoidInvoice

type Decision = E.Either<InvoiceRejection, ReadonlyArray<InvoiceEvent>>

const issue = ({ type: _, ...invoice }: IssueInvoice, state: InvoiceState): Decision =>
  state._tag === 'Unknown'
    ? E.right([{ type: 'InvoiceIssued', schemaVersion: 1, data: invoice }])
    : E.left({ _tag: 'InvoiceIdTaken' })

const annul = ({ type: _, ...voiding }: VoidInvoice, state: InvoiceState): Decision => {
  switch (state._tag) {
    case 'Unknown':
      return E.left({ _tag: 'InvoiceNotFound' })
    case 'Voided':
      return E.left({ _tag: 'InvoiceIsVoided' })
    case 'Issued':
      return E.right([{ type: 'InvoiceVoided', schemaVersion: 1, data: { ...voiding, ...state.document } }])
  }
}

export const decide = (command: InvoiceCommand, state: InvoiceState): Decision =>
  command.type === 'IssueInvoice' ? issue(command, state) : annul(command, state)
