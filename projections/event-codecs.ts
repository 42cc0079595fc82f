import { AdjustmentEvent } from '../schemas/events/adjustment.ts'
import { CreditNoteEvent } from '../schemas/events/credit-note.ts'
import { InvoiceEvent } from '../schemas/events/invoice.ts'
import { OrderEvent } from '../schemas/events/order.ts'
import { ProductEvent } from '../schemas/events/product.ts'
import { StockEvent } from '../schemas/events/stock.ts'
import type { EventCodecs } from './recorded.ts'

export type DaybookEvent = OrderEvent | ProductEvent | StockEvent | CreditNoteEvent | AdjustmentEvent | InvoiceEvent

/** The events of every type of stream that a projection may read. A new aggregate is a line here. */
export const eventCodecs: EventCodecs<DaybookEvent> = {
  order: OrderEvent,
  product: ProductEvent,
  stock: StockEvent,
  'credit-note': CreditNoteEvent,
  adjustment: AdjustmentEvent,
  invoice: InvoiceEvent,
}
