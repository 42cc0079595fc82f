import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as RA from 'fp-ts/lib/ReadonlyArray.js'
import type { ProductState } from '../../domain/product/index.ts'
import type { EventStore } from '../../infra/event-store/port.ts'
import type { Fault } from '../../schemas/decode.ts'
import type { Line } from '../../schemas/lines.ts'
import type { RequestedLine } from '../../schemas/requests/lines.ts'
import { products } from '../aggregates.ts'
import { assumeEmpty, catchUp } from '../load.ts'
import type { InvalidLines } from './rejections.ts'

/** Products read at a time while lines are priced. */
const READS_AT_ONCE = 8

const statesOf = async (
  store: EventStore,
  tenant: string,
  skus: ReadonlySet<string>,
): Promise<ReadonlyMap<string, ProductState>> => {
  const states = new Map<string, ProductState>()
  const waiting = skus.values()
  const work = async (): Promise<void> => {
    for (const sku of waiting) {
      const stream = { tenant, type: products.streamType, id: sku }
      states.set(sku, (await catchUp(store, products, assumeEmpty(store, products, stream))).state)
    }
  }
  await Promise.all(Array.from({ length: READS_AT_ONCE }, work))
  return states
}

const fromCatalogue = (
  currency: string,
  state: ProductState | undefined,
): E.Either<string, { name: string; amount: string }> => {
  if (state === undefined || state._tag === 'Unknown') {
    return E.left('is not in the catalogue: give its unitPrice, or add the product first')
  }
  if (state._tag === 'Discontinued') return E.left('is discontinued: give its unitPrice to sell it all the same')
  if (state.price.currency !== currency) {
    return E.left(`is priced in ${state.price.currency}, not in ${currency}: give its unitPrice`)
  }
  return E.right({ name: state.name, amount: state.price.amount })
}

const priced = (
  line: RequestedLine,
  index: number,
  currency: string,
  states: ReadonlyMap<string, ProductState>,
): E.Either<Fault, Line> => {
  const { sku, description = null, quantity, unitPrice } = line
  if (unitPrice === undefined) {
    return pipe(
      fromCatalogue(currency, states.get(sku)),
      E.bimap(
        (message) => ({ pointer: `/lines/${index}/sku`, message }),
        ({ name, amount }) => ({ sku, description: description ?? name, quantity, unitPrice: amount }),
      ),
    )
  }
  return unitPrice.currency === currency
    ? E.right({ sku, description, quantity, unitPrice: unitPrice.amount })
    : E.left({ pointer: `/lines/${index}/unitPrice/currency`, message: `must be ${currency}, the document's currency` })
}

/**
 * Gives every line its unit price: the agreed one that the client sent, or the catalogue's of this moment. Lines with a price
 * need no product, because a price was agreed on, whatever the catalogue says today.
 */
export const priceLines = async (
  store: EventStore,
  tenant: string,
  currency: string,
  lines: ReadonlyArray<RequestedLine>,
): Promise<E.Either<InvalidLines, ReadonlyArray<Line>>> => {
  const unpriced = new Set(lines.filter((line) => line.unitPrice === undefined).map((line) => line.sku))
  const states = await statesOf(store, tenant, unpriced)
  const { left: faults, right: linesWithPrice } = pipe(
    lines,
    RA.partitionMapWithIndex((index, line) => priced(line, index, currency, states)),
  )
  return faults.length > 0 ? E.left({ _tag: 'InvalidLines', faults }) : E.right(linesWithPrice)
}
