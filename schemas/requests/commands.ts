import * as t from 'io-ts'
import { Images } from '../images.ts'
import { Currency, Money, Price } from '../money.ts'
import { nullable } from '../nullable.ts'
import { ClientId, Country, Name, Quantity, Reason, Sku } from '../text.ts'
import { Instant } from '../time.ts'
import { body } from './body.ts'
import { RequestedLines } from './lines.ts'

export const AddProduct = body(
  'AddProduct',
  { sku: Sku, name: Name, price: Price },
  { category: nullable(Name), images: Images },
)

export const ChangePrice = body('ChangePrice', { price: Price }, {})

export const Discontinue = body('Discontinue', { reason: Reason }, {})

export const AdjustStock = body('AdjustStock', { quantity: Quantity, reason: Reason }, {})

export const PlaceOrder = body(
  'PlaceOrder',
  { currency: Currency, lines: RequestedLines },
  { orderId: ClientId, customerId: nullable(ClientId), country: nullable(Country), placedAt: Instant },
)

export const CancelOrder = body('CancelOrder', { reason: Reason }, {})

export const IssueCreditNote = body(
  'IssueCreditNote',
  { currency: Currency, lines: RequestedLines },
  {
    creditNoteId: ClientId,
    orderId: nullable(ClientId),
    customerId: nullable(ClientId),
    country: nullable(Country),
    issuedAt: Instant,
  },
)

export const BookAdjustment = body(
  'BookAdjustment',
  { amount: Money, reason: Reason },
  { adjustmentId: ClientId, customerId: nullable(ClientId), country: nullable(Country), bookedAt: Instant },
)

export const IssueInvoice = body('IssueInvoice', { orderId: ClientId }, { invoiceId: ClientId, issuedAt: Instant })

export const VoidInvoice = body('VoidInvoice', { reason: Reason }, {})

export const ReopenStep = body('ReopenStep', { reason: Reason }, {})

export const EraseSubject = body('EraseSubject', { reason: Reason }, {})

export const SkuPath = t.readonly(t.strict({ sku: Sku }), 'SkuPath')
export const IdPath = t.readonly(t.strict({ id: ClientId }), 'IdPath')
