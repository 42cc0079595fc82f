import type { RecordedEventsOf } from '../../../projections/recorded.ts'
import { moved } from '../../../projections/search-document.ts'
import { productSearchModel } from '../../../projections/search-project.ts'
import type { ScanPosition } from '../../event-store/scan.ts'
import type { Ring } from '../../rebuild/port.ts'
import { stepsOf, type WholeStreams, wholeStreams } from '../../rebuild/whole-streams.ts'
import type { VersionedProduct } from '../port.ts'

/** What whole streams left in the index: ready to be written, together and at once. */
export type FoldedProducts = {
  /** Behind which commit the scan has to go on once this is written; undefined: nothing was folded. */
  readonly position: ScanPosition | undefined
  readonly products: ReadonlyArray<VersionedProduct>
  /** Streams that a scan cannot fold; their gate in the live projector's way of doing things will. */
  readonly troubled: ReadonlyArray<Ring>
}

export type ProductFold = WholeStreams & {
  /** Streams that are complete and not yet handed out. */
  readonly streams: () => number
  /** Hands out what is complete, and begins anew with the stream that is not. */
  readonly handOut: () => FoldedProducts
}

/** Folds the commits of a segment stream by stream. */
export const productFold = (decode: RecordedEventsOf): ProductFold => {
  let products: VersionedProduct[] = []
  let troubled: Ring[] = []
  let position: ScanPosition | undefined
  const { take, end } = wholeStreams((whole) => {
    const { stream, last } = whole
    const steps = stepsOf(productSearchModel, decode, whole)
    const product = steps && moved(null, { stream, steps }).product
    if (product !== undefined) products.push(product)
    else troubled.push({ stream, through: last.version })
    position = last
  })
  return {
    take,
    end,
    streams: () => products.length + troubled.length,
    handOut: () => {
      const folded = { position, products, troubled }
      products = []
      troubled = []
      position = undefined
      return folded
    },
  }
}
