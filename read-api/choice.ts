import { DescribedType } from '../schemas/text.ts'

/** One of a few words; its fault names them all. */
export const choice = <A extends string>(name: string, values: ReadonlyArray<A>): DescribedType<A> =>
  new DescribedType(
    name,
    { type: 'string', enum: values },
    (input) => values.find((value) => value === input),
    `must be one of ${values.join(', ')}`,
  )
