import { currentTraceparent } from '../tracing/spans.ts'
import { ulidsInOrder } from '../ulids.ts'
import type { Stamp } from './commit.ts'

/** The machine's clock, ULIDs that never go back within this process, and the trace that it works in. */
export const systemStamp = (): Stamp => ({
  clock: () => new Date(),
  ulid: ulidsInOrder(),
  traceparent: currentTraceparent,
})
