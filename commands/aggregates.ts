import { adjustment } from '../domain/adjustment/index.ts'
import { creditNote } from '../domain/credit-note/index.ts'
import { constraintsOf, invoice } from '../domain/invoice/index.ts'
import { order } from '../domain/order/index.ts'
import { ProductState, product } from '../domain/product/index.ts'
import { StockState, stock } from '../domain/stock/index.ts'
import { AdjustmentEvent } from '../schemas/events/adjustment.ts'
import { CreditNoteEvent } from '../schemas/events/credit-note.ts'
import { InvoiceEvent } from '../schemas/events/invoice.ts'
import { OrderEvent } from '../schemas/events/order.ts'
import { ProductEvent } from '../schemas/events/product.ts'
import { StockEvent } from '../schemas/events/stock.ts'
import { aggregate } from './aggregate.ts'

export const products = aggregate('product', product, ProductEvent, { version: 1, codec: ProductState })
export const stockLevels = aggregate('stock', stock, StockEvent, { version: 1, codec: StockState })
export const orders = aggregate('order', order, OrderEvent)
export const creditNotes = aggregate('credit-note', creditNote, CreditNoteEvent)
export const adjustments = aggregate('adjustment', adjustment, AdjustmentEvent)
export const invoices = { ...aggregate('invoice', invoice, InvoiceEvent), constraintsOf }
