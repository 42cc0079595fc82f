import { DescribedType } from './text.ts'

/** A number of a gapless sequence, counted from 1. */
export const SequenceNumber = new DescribedType<number>(
  'SequenceNumber',
  { type: 'integer', minimum: 1 },
  (input) => (typeof input === 'number' && Number.isSafeInteger(input) && input >= 1 ? input : undefined),
  'must be a whole number from 1',
)
