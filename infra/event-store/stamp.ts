import { ulidsInOrder } from '../ulids.ts'
import type { Stamp } from './commit.ts'

/** The machine's clock, and ULIDs that never go back within this process. */
export const systemStamp = (): Stamp => ({ clock: () => new Date(), ulid: ulidsInOrder() })
