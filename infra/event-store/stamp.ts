import { monotonicFactory } from 'ulid'
import type { Stamp } from './commit.ts'

/** The machine's clock, and ULIDs that never go back within this process. */
export const systemStamp = (): Stamp => {
  const ulid = monotonicFactory()
  return { clock: () => new Date(), ulid: (time) => ulid(time) }
}
