import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'

/** A JSON Schema fragment, carried by codecs whose shape io-ts cannot tell from the outside (patterns, ranges). */
export type JsonSchema = { readonly [keyword: string]: unknown }

/** A codec of a primitive that knows its own JSON Schema, so that the OpenAPI description comes from the codec. */
export class DescribedType<A> extends t.Type<A, A, unknown> {
  readonly jsonSchema: JsonSchema
  constructor(name: string, jsonSchema: JsonSchema, parse: (input: unknown) => A | undefined, message: string) {
    super(
      name,
      (input): input is A => parse(input) !== undefined,
      (input, context) => {
        const parsed = parse(input)
        if (parsed !== undefined) return E.right(parsed)
        return t.failure(input, context, input === undefined ? 'is required' : message)
      },
      t.identity,
    )
    this.jsonSchema = jsonSchema
  }
}

/** Text of a pattern. `message`: what is said of any other. */
export const matching = (name: string, pattern: RegExp, message: string): DescribedType<string> =>
  new DescribedType(
    name,
    { type: 'string', pattern: pattern.source },
    (input) => (typeof input === 'string' && pattern.test(input) ? input : undefined),
    message,
  )

const NAME = /^[A-Za-z0-9._-](?:[A-Za-z0-9 ._-]{0,62}[A-Za-z0-9._-])?$/
const NAME_RULE = 'must be 1 to 64 letters, digits, spaces, ".", "_" or "-", with no space at either end'

/** A stock keeping unit; case-sensitive. */
export const Sku = matching('Sku', NAME, NAME_RULE)

/** An id chosen by a client: an order's, a customer's, a credit note's. Case-sensitive. */
export const ClientId = matching('ClientId', NAME, NAME_RULE)

export const Tenant = matching('Tenant', /^[a-z0-9-]{1,40}$/, 'must be 1 to 40 of a-z, 0-9 and "-"')

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const WITHOUT_CONTROLS = /^[^\u0000-\u0008\u000b\u000c\u000e-\u001f]*$/

/** Well-formed text (no lone surrogates, which UTF-8 cannot carry; no control characters) of `min` to `max` UTF-16 units. */
export const text = (min: number, max: number): DescribedType<string> =>
  new DescribedType(
    `Text${min}To${max}`,
    { type: 'string', minLength: min, maxLength: max, pattern: WITHOUT_CONTROLS.source },
    (input) =>
      typeof input === 'string' &&
      input.length >= min &&
      input.length <= max &&
      input.isWellFormed() &&
      WITHOUT_CONTROLS.test(input)
        ? input
        : undefined,
    `must be text of ${min} to ${max} characters without control characters`,
  )

export const Description = text(0, 500)
export const Name = text(1, 200)
export const Reason = text(1, 500)
export const Country = text(1, 64)

/** A whole number of pieces other than zero; at most a thousand million, so that sums stay exact integers (2^53). */
export const Quantity = new DescribedType<number>(
  'Quantity',
  { type: 'integer', minimum: -1_000_000_000, maximum: 1_000_000_000, not: { const: 0 } },
  (input) =>
    typeof input === 'number' && Number.isInteger(input) && input !== 0 && Math.abs(input) <= 1_000_000_000
      ? input
      : undefined,
  'must be a whole number other than 0, at most 1000000000 either way',
)

export const PositiveQuantity = new DescribedType<number>(
  'PositiveQuantity',
  { type: 'integer', minimum: 1, maximum: 1_000_000_000 },
  (input) =>
    typeof input === 'number' && Number.isInteger(input) && input > 0 && input <= 1_000_000_000 ? input : undefined,
  'must be a whole number from 1 to 1000000000',
)
