import * as E from 'fp-ts/lib/Either.js'
import type { AdjustmentEvent } from '../../schemas/events/adjustment.ts'
import type { Money } from '../../schemas/money.ts'
import type { AdjustmentRejection } from './rejections.ts'
import type { AdjustmentState } from './state.ts'

export type AdjustmentCommand = {
  readonly type: 'BookAdjustment'
  readonly adjustmentId: string
  readonly customerId: string | null
  readonly country: string | null
  /** May be negative: a bad debt. */
  readonly amount: Money
  readonly reason: string
  readonly bookedAt: string
}

export const decide = (
  { type: _, ...adjustment }: AdjustmentCommand,
  state: AdjustmentState,
): E.Either<AdjustmentRejection, ReadonlyArray<AdjustmentEvent>> =>
  state._tag === 'Unknown'
    ? E.right([{ type: 'AdjustmentBooked', schemaVersion: 1, data: adjustment }])
    : E.left({ _tag: 'AdjustmentIdTaken' })
