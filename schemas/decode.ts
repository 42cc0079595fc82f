import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'

/** One fault of an input: where (RFC 6901 pointer; '' is the whole) and what is expected there. */
export type Fault = { readonly pointer: string; readonly message: string }

/** A key as a step of an RFC 6901 pointer (section 4). */
export const escaped = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1')

type Tagged = { readonly name: string; readonly _tag?: string; readonly type?: Tagged }

/** `readonly` and `exact` validate as what they wrap, under their own entry. */
const unwrapped = (codec: Tagged): Tagged =>
  codec.type !== undefined && (codec._tag === 'ReadonlyType' || codec._tag === 'ExactType')
    ? unwrapped(codec.type)
    : codec

/** The members of intersections and unions are steps of the codec, not places in the value. */
const isStepIntoValue = (parent: t.ContextEntry | undefined): boolean => {
  const tag = parent === undefined ? undefined : unwrapped(parent.type)._tag
  return tag !== 'IntersectionType' && tag !== 'UnionType'
}

const pointerOf = (context: t.Context): string =>
  context
    .filter((entry, index) => index > 0 && entry.key !== '' && isStepIntoValue(context[index - 1]))
    .map((entry) => `/${escaped(entry.key)}`)
    .join('')

const messageOf = (error: t.ValidationError): string => {
  if (error.message !== undefined) return error.message
  if (error.value === undefined) return 'is required'
  const expected = error.context.at(-1)?.type.name ?? 'another value'
  return `must be ${expected}`
}

const faultsOf = (errors: t.Errors): ReadonlyArray<Fault> => {
  const seen = new Map<string, Fault>()
  for (const error of errors) {
    const pointer = pointerOf(error.context)
    if (!seen.has(pointer)) seen.set(pointer, { pointer, message: messageOf(error) })
  }
  return [...seen.values()]
}

/** Decodes and names every fault, not only the first; one fault per place. */
export const decode = <A>(codec: t.Decoder<unknown, A>, value: unknown): E.Either<ReadonlyArray<Fault>, A> => {
  const decoded = codec.decode(value)
  return E.isLeft(decoded) ? E.left(faultsOf(decoded.left)) : decoded
}
