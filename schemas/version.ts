import { DescribedType } from './text.ts'

/** A stream's version: the number of its events. */
export const Version = new DescribedType<number>(
  'Version',
  { type: 'integer', minimum: 1 },
  (input) => (typeof input === 'number' && Number.isSafeInteger(input) && input >= 1 ? input : undefined),
  'must be a version, a whole number from 1',
)
