import * as t from 'io-ts'
import { NonNegativeDecimal } from '../money.ts'
import { strict } from '../strict.ts'
import { PositiveQuantity, Sku } from '../text.ts'

/** `unitPrice` is a decimal in the document's currency. Identical lines may repeat; each counts. */
const PublicLine = t.readonly(
  strict({ sku: Sku, quantity: PositiveQuantity, unitPrice: NonNegativeDecimal }),
  'PublicLine',
)

export const PublicLines = t.readonlyArray(PublicLine, 'PublicLines')
