import { monotonicFactory, ulid as randomUlid } from 'ulid'
import type { Stamp } from '../../../infra/event-store/commit.ts'

const ulid = monotonicFactory()

export const testStamp: Stamp = { clock: () => new Date(), ulid: (time) => ulid(time) }

/** A writer with a clock of the test's own, which may go anywhere; ids of one millisecond are in no order. */
export const stampAt = (clock: () => Date): Stamp => ({ clock, ulid: (time) => randomUlid(time) })
