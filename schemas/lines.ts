import * as t from 'io-ts'
import { NonNegativeDecimal } from './money.ts'
import { nullable } from './nullable.ts'
import { strict } from './strict.ts'
import { Description, PositiveQuantity, Sku } from './text.ts'

/** A line as events keep it: `unitPrice` is a decimal in the document's currency. Identical lines may repeat; each counts. */
export const Line = t.readonly(
  strict({
    sku: Sku,
    description: nullable(Description),
    quantity: PositiveQuantity,
    unitPrice: NonNegativeDecimal,
  }),
  'Line',
)
export type Line = t.TypeOf<typeof Line>

export const Lines = t.readonlyArray(Line, 'Lines')
