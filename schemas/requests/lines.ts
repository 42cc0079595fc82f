import type * as t from 'io-ts'
import { BoundedArrayType } from '../bounded-array.ts'
import { Price } from '../money.ts'
import { nullable } from '../nullable.ts'
import { Description, PositiveQuantity, Sku } from '../text.ts'
import { body } from './body.ts'

/** Lines a document may have. How long they are is bounded by a body's 4 MiB, half of what one commit holds. */
const MAX_LINES = 5_000

/** A line as a client sends it; without a price, the product's price of the moment is taken. */
const RequestedLine = body(
  'RequestedLine',
  { sku: Sku, quantity: PositiveQuantity },
  { description: nullable(Description), unitPrice: Price },
)
export type RequestedLine = t.TypeOf<typeof RequestedLine>

export const RequestedLines = new BoundedArrayType('RequestedLines', RequestedLine, 1, MAX_LINES)
