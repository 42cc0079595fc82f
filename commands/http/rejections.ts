import type { AdjustmentRejection } from '../../domain/adjustment/index.ts'
import type { CreditNoteRejection } from '../../domain/credit-note/index.ts'
import type { InvoiceRejection } from '../../domain/invoice/index.ts'
import type { OrderRejection } from '../../domain/order/index.ts'
import type { ProcessStepRejection } from '../../domain/process-step/index.ts'
import type { ProductRejection } from '../../domain/product/index.ts'
import type { StockRejection } from '../../domain/stock/index.ts'
import type { Fault } from '../../schemas/decode.ts'
import { type Problem, problem } from '../../schemas/problem.ts'

/** A command that cannot even be made from the request: its lines fit neither the catalogue nor the document. */
export type InvalidLines = { readonly _tag: 'InvalidLines'; readonly faults: ReadonlyArray<Fault> }
export type UnknownOrder = { readonly _tag: 'UnknownOrder'; readonly orderId: string }
type Refusal = InvalidLines | UnknownOrder

type Rejection =
  | AdjustmentRejection
  | CreditNoteRejection
  | InvoiceRejection
  | OrderRejection
  | ProcessStepRejection
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
  StepIsSetAside: [409, 'step_set_aside', 'The step is set aside already'],
  StepNotSetAside: [409, 'step_not_set_aside', 'No such step is set aside'],
  TotalOutOfRange: [422, 'total_out_of_range', 'The total has more than 15 digits before the point'],
  InvalidLines: [422, 'invalid_lines', 'Some lines fit neither the document nor the catalogue'],
  UnknownOrder: [422, 'unknown_order', 'The order that it refers to does not exist'],
}

export const rejected = (rejection: Rejection): Problem => {
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
