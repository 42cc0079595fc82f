import type { CloudEvent } from '../../schemas/integration/cloud-event.ts'

/** `Failed`: it may go through later, and may be on the bus already. `Refused`: it never will. */
export type Outcome =
  | { readonly _tag: 'Sent' }
  | { readonly _tag: 'Failed'; readonly reason: string }
  | { readonly _tag: 'Refused'; readonly reason: string }

export type EventBus = {
  /**
   * Puts events on the bus, any number of any size, and answers one outcome each, in their order. What comes of one tells nothing of
   * the others: whoever needs one behind another puts it when the first was sent. Never rejects.
   */
  readonly put: (events: ReadonlyArray<CloudEvent>) => Promise<ReadonlyArray<Outcome>>
}

/** Bytes that an event may have on a bus. EventBridge: 1 MB an entry, taken as the smaller of what that may mean. */
export const EVENT_LIMIT = 1_000_000

export const tooLargeForBus = (size: number): Outcome => ({
  _tag: 'Refused',
  reason: `it has ${size} bytes, and a bus takes ${EVENT_LIMIT}`,
})
