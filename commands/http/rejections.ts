import type { AdjustmentRejection } from '../../domain/adjustment/index.ts'
import type { CreditNoteRejection } from '../../domain/credit-note/index.ts'
import type { InvoiceRejection } from '../../domain/invoice/index.ts'
import type { OrderRejection } from '../../domain/order/index.ts'
import type { ProductRejection } from '../../domain/product/index.ts'
import type { StockRejection } from '../../domain/stock/index.ts'
import type { OverLimit } from '../../infra/event-store/transaction-port.ts'
import type { Fault } from '../../schemas/decode.ts'
import { type Problem, problem } from '../../schemas/problem.ts'
import type { Failure } from '../execute-command.ts'

/** A command that cannot even be made from the request: its lines fit neither the catalogue nor the document. */
export type InvalidLines = { readonly _tag: 'InvalidLines'; readonly faults: ReadonlyArray<Fault> }
export type UnknownOrder = { readonly _tag: 'UnknownOrder'; readonly orderId: string }
export type Refusal = InvalidLines | UnknownOrder

export type Rejection =
  | AdjustmentRejection
  | CreditNoteRejection
  | InvoiceRejection
  | OrderRejection
  | ProductRejection
  | StockRejection
  | Refusal

/** The one table from the domain's reasons to HTTP. */
const ANSWERS: { readonly [T in Rejection['_tag']]: readonly [status: number, code: string, title: string] } = {
  SkuTaken: [409, 'sku_taken', 'A product with this SKU exists'],
  ProductNotFound: [404, 'product_not_found', 'There is no product with this SKU'],
  ProductIsDiscontinued: [409, 'product_discontinued', 'The product is discontinued'],
  StockOutOfRange: [422, 'stock_out_of_range', 'The stock would leave the range of exact whole numbers'],
  OrderIdTaken: [409, 'order_id_taken', 'An order with this id exists'],
  OrderNotFound: [404, 'order_not_found', 'There is no order with this id'],
  OrderIsCancelled: [409, 'order_cancelled', 'The order is cancelled already'],
  CreditNoteIdTaken: [409, 'credit_note_id_taken', 'A credit note with this id exists'],
  InvoiceIdTaken: [409, 'invoice_id_taken', 'An invoice with this id exists'],
  InvoiceNotFound: [404, 'invoice_not_found', 'There is no invoice with this id'],
  InvoiceIsVoided: [409, 'invoice_voided', 'The invoice is void already'],
  OrderAlreadyInvoiced: [409, 'order_already_invoiced', 'The order has an invoice'],
  AdjustmentIdTaken: [409, 'adjustment_id_taken', 'An adjustment with this id exists'],
  TotalOutOfRange: [422, 'total_out_of_range', 'The total has more than 15 digits before the point'],
  InvalidLines: [422, 'invalid_lines', 'Some lines fit neither the document nor the catalogue'],
  UnknownOrder: [422, 'unknown_order', 'The order that it refers to does not exist'],
}

const rejected = (rejection: Rejection): Problem => {
  const [status, code, title] = ANSWERS[rejection._tag]
  if (rejection._tag === 'InvalidLines') return problem(status, code, title, { errors: rejection.faults })
  if (rejection._tag === 'UnknownOrder') {
    return problem(status, code, title, {
      errors: [{ pointer: '/orderId', message: `${rejection.orderId} does not exist` }],
    })
  }
  if (rejection._tag === 'OrderAlreadyInvoiced') {
    return problem(status, code, title, { detail: `It is invoice ${rejection.invoiceId}; void it to invoice anew.` })
  }
  return problem(status, code, title)
}

export const problemOf = (failure: Failure<Rejection> | OverLimit): Problem => {
  switch (failure._tag) {
    case 'Rejected':
      return rejected(failure.rejection)
    case 'CommandIdReused':
      return problem(422, 'idempotency_key_reused', 'This Idempotency-Key was used with another request')
    case 'VersionMismatch':
      return problem(412, 'version_mismatch', 'It has changed since that version', {
        detail: `Its version is ${failure.actual}.`,
        headers: { ETag: `"${failure.actual}"` },
      })
    case 'Contended':
      return problem(503, 'contended', 'Too many writers at once; try again', { headers: { 'Retry-After': '1' } })
    case 'CommitTooLarge':
      return problem(422, 'commit_too_large', 'The request makes more data than one commit can hold', {
        detail: `${failure.size} bytes where the limit is ${failure.limit}; send fewer or shorter lines.`,
      })
    case 'OverLimit':
      return problem(422, 'transaction_too_large', 'The request asks for more than can be written at once', {
        detail: `${failure.actual} ${failure.limit} where ${failure.allowed} are allowed.`,
      })
  }
}
