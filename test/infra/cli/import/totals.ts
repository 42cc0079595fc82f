import Big from 'big.js'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { StoredEvent } from '../../../../infra/event-store/port.ts'
import { AdjustmentEvent } from '../../../../schemas/events/adjustment.ts'
import { CreditNoteEvent } from '../../../../schemas/events/credit-note.ts'
import { OrderPlaced } from '../../../../schemas/events/order.ts'
import { ProductAdded } from '../../../../schemas/events/product.ts'
import { StockEvent } from '../../../../schemas/events/stock.ts'
import type { Cells } from './csv.ts'

/** Exact sums by what they are of, like `gross 17850`. */
export type Totals = { readonly [of: string]: string }

const summing = () => {
  const sums = new Map<string, Big>()
  return {
    add: (of: string, amount: Big | string | number) => {
      sums.set(of, (sums.get(of) ?? new Big(0)).plus(amount))
    },
    totals: (): Totals =>
      Object.fromEntries([...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([of, sum]) => [of, sum.toFixed()])),
  }
}

/** What the rows say, row by row, without the importer's notion of an invoice. */
export const totalsOfRows = (rows: ReadonlyArray<Cells>): Totals => {
  const { add, totals } = summing()
  const skus = new Set<string>()
  for (const { InvoiceNo = '', StockCode = '', Quantity = '', UnitPrice = '', CustomerID = '' } of rows) {
    const value = new Big(UnitPrice).times(Quantity)
    if (!InvoiceNo.startsWith('A')) skus.add(StockCode)
    if (InvoiceNo.startsWith('A')) add('adjustments', value)
    else if (InvoiceNo.startsWith('C')) add(`credits ${CustomerID}`, value)
    else if (Number(Quantity) < 0) add(`stock ${StockCode}`, Quantity)
    else add(`gross ${CustomerID}`, value)
    if (!/^[AC]/.test(InvoiceNo) && Number(Quantity) > 0) add('lines sold', 1)
  }
  for (const sku of skus) add(`product ${sku}`, 1)
  return totals()
}

const Imported = t.union([OrderPlaced, CreditNoteEvent, AdjustmentEvent, StockEvent, ProductAdded])

/** What the events of the command API say. */
export const totalsOfEvents = (events: ReadonlyArray<StoredEvent>): Totals => {
  const { add, totals } = summing()
  for (const stored of events) {
    const event = Imported.decode(stored)
    if (E.isLeft(event)) throw new Error(`${stored.type} does not decode`)
    const { type, data } = event.right
    if (type === 'AdjustmentBooked') add('adjustments', data.amount.amount)
    else if (type === 'CreditNoteIssued') add(`credits ${data.customerId ?? ''}`, new Big(data.total).times(-1))
    else if (type === 'StockAdjusted') add(`stock ${data.sku}`, data.quantity)
    else if (type === 'ProductAdded') add(`product ${data.sku}`, 1)
    else {
      add(`gross ${data.customerId ?? ''}`, data.total)
      add('lines sold', data.lines.length)
    }
  }
  return totals()
}
