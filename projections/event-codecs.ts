import { AdjustmentEvent } from '../schemas/events/adjustment.ts'
import { CreditNoteEvent } from '../schemas/events/credit-note.ts'
import { InvoiceEvent } from '../schemas/events/invoice.ts'
import { OrderEvent } from '../schemas/events/order.ts'
import { ProcessStepEvent } from '../schemas/events/process-step.ts'
import { ProductEvent } from '../schemas/events/product.ts'
import { StockEvent } from '../schemas/events/stock.ts'
import { type PersonalData, personalDataIn } from '../schemas/personal.ts'
import { PersonalDataRead } from '../schemas/personal-data-read.ts'
import type { EventCodecs } from './recorded.ts'

export type DaybookEvent =
  | OrderEvent
  | ProductEvent
  | StockEvent
  | CreditNoteEvent
  | AdjustmentEvent
  | InvoiceEvent
  | ProcessStepEvent

const codecs = {
  order: OrderEvent,
  product: ProductEvent,
  stock: StockEvent,
  'credit-note': CreditNoteEvent,
  adjustment: AdjustmentEvent,
  invoice: InvoiceEvent,
  'process-step': ProcessStepEvent,
}

/** The events of every type of stream that a projection may read. A new aggregate is a line above. */
export const eventCodecs: EventCodecs<DaybookEvent> = codecs

/** Streams whose events are about people. */
export const personalStreamTypes: ReadonlyArray<string> = Object.entries(codecs).flatMap(([type, { personal }]) =>
  personal.size > 0 ? [type] : [],
)

/** What in them, and in the access log, is about a person. */
export const personalData: PersonalData = new Map([
  ...Object.values(codecs).flatMap(({ personal }) => [...personal]),
  ...personalDataIn([PersonalDataRead]),
])
