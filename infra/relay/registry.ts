import type { DaybookEvent } from '../../projections/event-codecs.ts'
import { adjustmentPublishing } from '../../schemas/integration/adjustment.ts'
import { creditNotePublishing } from '../../schemas/integration/credit-note.ts'
import { invoicePublishing } from '../../schemas/integration/invoice.ts'
import { orderPublishing } from '../../schemas/integration/order.ts'
import { processStepPublishing } from '../../schemas/integration/process-step.ts'
import { productPublishing } from '../../schemas/integration/product.ts'
import type { Publishing } from '../../schemas/integration/public-event.ts'
import { stockPublishing } from '../../schemas/integration/stock.ts'

/** What others are told of each of Daybook's events (docs/integration-events.md). A new type of event does not compile without a word here. */
export const publishing: Publishing<DaybookEvent> = {
  ...orderPublishing,
  ...productPublishing,
  ...stockPublishing,
  ...invoicePublishing,
  ...creditNotePublishing,
  ...adjustmentPublishing,
  ...processStepPublishing,
}
