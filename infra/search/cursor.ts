import { createHash } from 'node:crypto'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as t from 'io-ts'
import { Sku } from '../../schemas/text.ts'
import { InvalidCursor, type ProductQuery } from './port.ts'

/** The last hit of a page: hits behind it have a lower score, or the same score and a greater SKU. */
export type After = { readonly score: number; readonly sku: string }

const Payload = t.tuple([t.string, t.number, Sku])

const fingerprint = (query: ProductQuery): string =>
  createHash('sha256')
    .update(JSON.stringify([query.tenant, query.q, query.category ?? null]))
    .digest('base64url')
    .slice(0, 11)

export const encodeCursor = (query: ProductQuery, after: After): string =>
  Buffer.from(JSON.stringify([fingerprint(query), after.score, after.sku])).toString('base64url')

/** Where the page starts; `undefined` for the first. Throws `InvalidCursor` for garbage and for another query's cursor. */
export const decodeCursor = (query: ProductQuery): After | undefined => {
  const { cursor } = query
  if (cursor === undefined) return undefined
  return pipe(
    E.tryCatch((): unknown => JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')), E.toError),
    E.chainW((json) => Payload.decode(json)),
    E.match(
      () => {
        throw new InvalidCursor()
      },
      ([of, score, sku]) => {
        if (of !== fingerprint(query)) throw new InvalidCursor()
        return { score, sku }
      },
    ),
  )
}
