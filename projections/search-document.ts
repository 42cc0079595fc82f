import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { StreamName } from '../infra/event-store/port.ts'
import { ProductDocument, type VersionedProduct } from '../infra/search/port.ts'
import { decode } from '../schemas/decode.ts'
import type { Change, Row } from './change.ts'
import type { Pending, Stuck } from './pending.ts'

/** What is pending of a stream, applied to its document. */
export type Moved = {
  readonly stream: StreamName
  /** What to write, at the stream's new version even where the document stays the same; absent when there is nothing new. */
  readonly product?: VersionedProduct
  /** The first version of what is new. */
  readonly since: number
  /** Why the stream cannot go on behind that. */
  readonly stuck?: Stuck
}

/** A stream owns one document: put, patch and remove are all that may happen to it. */
const changed = (row: Row | null, change: Change): Row | null => {
  switch (change.op) {
    case 'put':
      return change.row
    case 'patch':
      return row && { ...row, ...change.row }
    case 'remove':
      return null
    case 'add':
      throw new TypeError('a document takes no add')
  }
}

const documentOf = (sku: string, row: Row | null): E.Either<string, ProductDocument | null> =>
  row === null
    ? E.right(null)
    : pipe(
        decode(ProductDocument, { ...row, sku }),
        E.mapLeft(([fault]) => `no product document: ${fault?.pointer} ${fault?.message}`),
      )

export const moved = (held: ProductDocument | null, { stream, steps, stuck }: Pending): Moved => {
  const since = (steps[0]?.from ?? 0) + 1
  const last = steps.at(-1)
  if (last === undefined) return { stream, since, ...(stuck && { stuck }) }
  const row = steps.flatMap(({ changes }) => changes).reduce<Row | null>(changed, held)
  const document = documentOf(stream.id, row)
  if (E.isLeft(document)) return { stream, since, stuck: { version: since, error: document.left } }
  const product = { tenant: stream.tenant, sku: stream.id, version: last.to, document: document.right }
  return { stream, since, product, ...(stuck && { stuck }) }
}
