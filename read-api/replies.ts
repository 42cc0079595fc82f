import * as E from 'fp-ts/lib/Either.js'
import type { Reply } from '../schemas/endpoint.ts'
import { DescribedType } from '../schemas/text.ts'

const integer = (name: string, minimum: number, message: string): DescribedType<number> =>
  new DescribedType(
    name,
    { type: 'integer', minimum },
    (input) => (typeof input === 'number' && Number.isSafeInteger(input) && input >= minimum ? input : undefined),
    message,
  )

/** A stream's version: its events are counted from 1. */
export const Version = integer('Version', 1, 'must be a version')

export const Count = integer('Count', 0, 'must be a whole number of zero or more')

/** A whole number of pieces, either way. */
export const Pieces = integer('Pieces', Number.MIN_SAFE_INTEGER, 'must be a whole number')

export const ok = <R>(body: R): E.Either<never, Reply<R>> => E.right({ status: 200, body })

/** A single resource, with its version as its entity tag. */
export const versioned = <R extends { readonly version: number }>(body: R): E.Either<never, Reply<R>> =>
  E.right({ status: 200, body, headers: { ETag: `"${body.version}"` } })
