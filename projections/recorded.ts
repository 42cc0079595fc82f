import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import type { Commit } from '../infra/event-store/port.ts'
import { decode } from '../schemas/decode.ts'
import { AdjustmentEvent } from '../schemas/events/adjustment.ts'
import { CreditNoteEvent } from '../schemas/events/credit-note.ts'
import { OrderEvent } from '../schemas/events/order.ts'
import { ProductEvent } from '../schemas/events/product.ts'
import { StockEvent } from '../schemas/events/stock.ts'
import type { RecordedEvent } from './projection.ts'

export type DaybookEvent = OrderEvent | ProductEvent | StockEvent | CreditNoteEvent | AdjustmentEvent

const codecs: ReadonlyMap<string, t.Decoder<unknown, DaybookEvent>> = new Map<string, t.Decoder<unknown, DaybookEvent>>(
  [
    ['order', OrderEvent],
    ['product', ProductEvent],
    ['stock', StockEvent],
    ['credit-note', CreditNoteEvent],
    ['adjustment', AdjustmentEvent],
  ],
)

/** An event that this build does not know (a newer writer's, perhaps): why. */
export type UnknownEvent = { readonly version: number; readonly reason: string }

/** The commit's events with what a view may know of them, typed; or the first that does not decode. */
export const recordedEventsOf = (
  commit: Commit,
): E.Either<UnknownEvent, ReadonlyArray<RecordedEvent<DaybookEvent>>> => {
  const { stream, commitId, time } = commit
  const codec = codecs.get(stream.type)
  const recorded: RecordedEvent<DaybookEvent>[] = []
  for (const [index, stored] of commit.events.entries()) {
    const version = commit.version + index
    const event = codec && decode(codec, stored)
    if (event === undefined || E.isLeft(event)) {
      const fault = event?.left[0]
      const why = fault ? `${fault.pointer} ${fault.message}` : `no event of stream type ${stream.type} is known`
      return E.left({ version, reason: `unknown event ${stored.type} of schema ${stored.schemaVersion}: ${why}` })
    }
    const { tenant, type, id } = stream
    recorded.push({ tenant, streamType: type, streamId: id, version, commitId, time, event: event.right })
  }
  return E.right(recorded)
}
