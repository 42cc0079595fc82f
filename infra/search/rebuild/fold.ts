import * as E from 'fp-ts/lib/Either.js'
import { type Step, stepOf } from '../../../projections/pending.ts'
import type { RecordedEventsOf } from '../../../projections/recorded.ts'
import { moved } from '../../../projections/search-document.ts'
import { productSearchModel } from '../../../projections/search-project.ts'
import { partitionKeyOf } from '../../event-store/keys.ts'
import type { Scanned, ScanPosition } from '../../event-store/scan.ts'
import type { Ring } from '../../rebuild/port.ts'
import type { VersionedProduct } from '../port.ts'

/** What whole streams left in the index: ready to be written, together and at once. */
export type FoldedProducts = {
  /** Behind which commit the scan has to go on once this is written; undefined: nothing was folded. */
  readonly position: ScanPosition | undefined
  readonly products: ReadonlyArray<VersionedProduct>
  /** Streams that a scan cannot fold; their gate in the live projector's way of doing things will. */
  readonly troubled: ReadonlyArray<Ring>
}

export type ProductFold = {
  /** The next commit of the segment. */
  readonly take: (scanned: Scanned) => void
  /** The segment has no more commits. */
  readonly end: () => void
  /** Streams that are complete and not yet handed out. */
  readonly streams: () => number
  /** Hands out what is complete, and begins anew with the stream that is not. */
  readonly handOut: () => FoldedProducts
}

/** The document of a whole stream; undefined when there is a gap, or an event that cannot be trusted, decoded or projected. */
const productOf = (decode: RecordedEventsOf, commits: ReadonlyArray<Scanned>): VersionedProduct | undefined => {
  const steps: Step[] = []
  for (const { version, commit } of commits) {
    if (E.isLeft(commit) || version !== (steps.at(-1)?.to ?? 0) + 1) return undefined
    const step = stepOf(productSearchModel, commit.right, decode)
    if (E.isLeft(step)) return undefined
    steps.push(step.right)
  }
  const [first] = commits
  return first && moved(null, { stream: first.stream, steps }).product
}

/** Folds the commits of a segment stream by stream. */
export const productFold = (decode: RecordedEventsOf): ProductFold => {
  let open: { readonly key: string; readonly commits: Scanned[] } | undefined
  let products: VersionedProduct[] = []
  let troubled: Ring[] = []
  let position: ScanPosition | undefined

  const close = (): void => {
    const last = open?.commits.at(-1)
    if (open === undefined || last === undefined) return
    const product = productOf(decode, open.commits)
    if (product !== undefined) products.push(product)
    else troubled.push({ stream: last.stream, through: last.version })
    position = { stream: last.stream, version: last.version }
    open = undefined
  }

  return {
    take: (scanned) => {
      const key = partitionKeyOf(scanned.stream)
      if (open?.key !== key) close()
      open ??= { key, commits: [] }
      open.commits.push(scanned)
    },
    end: close,
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
