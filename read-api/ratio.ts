import Big from 'big.js'
import { DescribedType } from '../schemas/text.ts'

const DECIMALS = 6

/** A `Big` of its own: the settings of a division belong to the constructor. */
const Rounded = Big()
Rounded.DP = DECIMALS
Rounded.RM = Big.roundHalfUp

const RATIO = new RegExp(`^(?:0|[1-9][0-9]*)(?:\\.[0-9]{1,${DECIMALS}})?$`)

export const Ratio = new DescribedType<string>(
  'Ratio',
  {
    type: 'string',
    pattern: RATIO.source,
    description: `A quotient of counts: the exact one, rounded half up to ${DECIMALS} decimals.`,
  },
  (input) => (typeof input === 'string' && RATIO.test(input) ? input : undefined),
  `must be a decimal of zero or more with at most ${DECIMALS} decimals`,
)

/** Rounded once, from the exact quotient. Throws when `whole` is zero. */
export const ratio = (part: Big | number, whole: Big | number): string => new Rounded(part).div(whole).toFixed()
