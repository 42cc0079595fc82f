import Big from 'big.js'
import type { Line } from '../schemas/lines.ts'
import { canonicalDecimal } from '../schemas/money.ts'

/** Quantity x unit price summed over the lines, exactly, in canonical spelling. */
export const totalOf = (lines: ReadonlyArray<Line>): string =>
  canonicalDecimal(
    lines.reduce((sum, line) => sum.plus(new Big(line.unitPrice).times(line.quantity)), new Big(0)).toFixed(),
  )

/** The largest total that a stored amount can spell: 15 digits before the point. */
export const isStorableTotal = (total: string): boolean => new Big(total).lt(new Big(10).pow(15))
