import Big from 'big.js'
import * as t from 'io-ts'
import { strict } from './strict.ts'
import { DescribedType } from './text.ts'

const DECIMAL = /^-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,18})?$/

const TRAILING_ZEROS = /\.?0+$/
const PLAIN = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/

/** The one spelling of a decimal: no exponent, no trailing zeros, no minus zero. */
export const canonicalDecimal = (decimal: string): string => {
  const trimmed = decimal.includes('.') ? decimal.replace(TRAILING_ZEROS, '') : decimal
  const plain = PLAIN.test(decimal) ? trimmed : new Big(decimal).toFixed()
  return plain === '-0' ? '0' : plain
}

const decimal = (name: string, pattern: RegExp, message: string): DescribedType<string> =>
  new DescribedType(
    name,
    { type: 'string', pattern: pattern.source },
    (input) => (typeof input === 'string' && pattern.test(input) ? canonicalDecimal(input) : undefined),
    message,
  )

/** An exact decimal as a string: at most 15 digits before the point and 18 behind it. Decodes to its canonical spelling. */
export const Decimal = decimal('Decimal', DECIMAL, 'must be a decimal number in a string, like "12.345"')

export const NonNegativeDecimal = decimal(
  'NonNegativeDecimal',
  /^(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,18})?$/,
  'must be a decimal number of zero or more in a string, like "12.345"',
)

const currencies: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'))

/** An ISO 4217 code, as the runtime's CLDR data knows them. */
export const Currency = new DescribedType<string>(
  'Currency',
  { type: 'string', enum: [...currencies] },
  (input) => (typeof input === 'string' && currencies.has(input) ? input : undefined),
  'must be an ISO 4217 currency code, like "GBP"',
)

export const Money = t.readonly(strict({ amount: Decimal, currency: Currency }), 'Money')
export type Money = t.TypeOf<typeof Money>

/** A price: money of zero or more. */
export const Price = t.readonly(strict({ amount: NonNegativeDecimal, currency: Currency }), 'Price')
