import * as E from 'fp-ts/lib/Either.js'
import type { StockEvent } from '../../schemas/events/stock.ts'
import type { StockRejection } from './rejections.ts'
import type { StockState } from './state.ts'

export type StockCommand = {
  readonly type: 'AdjustStock'
  readonly sku: string
  /** Pieces; negative takes away. */
  readonly quantity: number
  readonly reason: string
}

export const decide = (
  command: StockCommand,
  state: StockState,
): E.Either<StockRejection, ReadonlyArray<StockEvent>> => {
  const { sku, quantity, reason } = command
  if (!Number.isSafeInteger(state.onHand + quantity)) return E.left({ _tag: 'StockOutOfRange' })
  return E.right([{ type: 'StockAdjusted', schemaVersion: 1, data: { sku, quantity, reason } }])
}
