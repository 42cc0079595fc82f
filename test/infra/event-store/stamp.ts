import { monotonicFactory } from 'ulid'
import type { Stamp } from '../../../infra/event-store/commit.ts'

const ulid = monotonicFactory()

export const testStamp: Stamp = { clock: () => new Date(), ulid: (time) => ulid(time) }
