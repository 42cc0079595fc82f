import * as E from 'fp-ts/lib/Either.js'
import type { StreamName } from '../infra/event-store/port.ts'
import { ProductDocument, type VersionedProduct } from '../infra/search/port.ts'
import { decode } from '../schemas/decode.ts'
import type { Change, Row } from './change.ts'
import type { Pending, Stuck } from './pending.ts'

/** What is pending of a stream, applied to its document. */
export type Moved = {
  readonly stream: StreamName
  /** Version of the document before. */
  readonly from: number
  /** What to write, at the stream's new version even where the document stays the same; absent when nothing was pending. */
  readonly product?: VersionedProduct
  /** Why the stream cannot go on from there. */
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

const documentOf = (sku: string, row: Row): ProductDocument => {
  const decoded = decode(ProductDocument, { ...row, sku })
  if (E.isRight(decoded)) return decoded.right
  throw new TypeError(`no product document: ${decoded.left[0]?.pointer} ${decoded.left[0]?.message}`)
}

export const moved = (document: ProductDocument | null, { stream, steps, stuck }: Pending): Moved => {
  const first = steps[0]
  const last = steps.at(-1)
  const rest = { stream, ...(stuck && { stuck }) }
  if (first === undefined || last === undefined) return { ...rest, from: stuck === undefined ? 0 : stuck.version - 1 }
  const row = steps.flatMap(({ changes }) => changes).reduce<Row | null>(changed, document)
  const product = {
    tenant: stream.tenant,
    sku: stream.id,
    version: last.to,
    document: row && documentOf(stream.id, row),
  }
  return { ...rest, from: first.from, product }
}
