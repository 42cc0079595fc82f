import fc from 'fast-check'

/** Whole numbers beyond 2^53 - 1 have lost digits, and no draft may hold them. */
const withoutLostDigits = (_: string, value: unknown): unknown =>
  typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value) ? 0.5 : value

/** Any JSON that an event may carry. */
export const storableJson: fc.Arbitrary<unknown> = fc
  .json({ stringUnit: 'grapheme' })
  .map((text): unknown => JSON.parse(text, withoutLostDigits))
