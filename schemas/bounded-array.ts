import * as t from 'io-ts'

/** A list of `minItems` to `maxItems`; one that is longer is refused before any of its items is looked at. */
export class BoundedArrayType<A> extends t.ReadonlyArrayType<
  t.Type<A, unknown, unknown>,
  ReadonlyArray<A>,
  ReadonlyArray<unknown>
> {
  readonly minItems: number
  readonly maxItems: number
  constructor(name: string, item: t.Type<A, unknown, unknown>, minItems: number, maxItems: number) {
    const list = t.readonlyArray(item)
    const fits = (input: unknown): boolean =>
      Array.isArray(input) && input.length >= minItems && input.length <= maxItems
    super(
      name,
      (input): input is ReadonlyArray<A> => fits(input) && list.is(input),
      (input, context) =>
        fits(input) || input === undefined
          ? list.validate(input, context)
          : t.failure(input, context, `must be a list of ${minItems} to ${maxItems} items`),
      list.encode,
      item,
    )
    this.minItems = minItems
    this.maxItems = maxItems
  }
}
