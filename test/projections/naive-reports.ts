import Big from 'big.js'
import type { Row } from '../../projections/change.ts'
import type { Document, Line, Recorded } from './naive-documents.ts'

type Fact = { readonly key: Row; readonly counts: { readonly [column: string]: number | string } }

const COLUMNS = ['orders', 'net', 'sold', 'cancelled', 'credited', 'adjusted_in', 'adjusted_out', 'placed', 'invoiced']

/** A row for each key, of the sums of its facts. */
const tally = (facts: ReadonlyArray<Fact>): Row[] =>
  [...Map.groupBy(facts, ({ key }) => JSON.stringify(key)).values()].map((there) => {
    const sums = COLUMNS.filter((column) => there.some(({ counts }) => column in counts)).map((column) => {
      const sum = there.reduce((sum, { counts }) => sum.plus(counts[column] ?? 0), new Big(0))
      return [column, column === 'net' ? sum.toFixed() : sum.toNumber()]
    })
    return { ...there[0]?.key, ...Object.fromEntries(sums) }
  })

const dayOf = (time: string): string => time.slice(0, 10)

const netOf = ({ lines }: Document): string =>
  lines.reduce((sum, line) => sum.plus(new Big(line.unitPrice).times(line.quantity)), new Big(0)).toFixed()

const customerDays = (documents: ReadonlyArray<Document>): Row[] =>
  tally(
    documents.flatMap((document) => {
      const { tenant, currency, customerId, time, kind } = document
      if (customerId === null) return []
      const key = { tenant, currency, customer_id: customerId, day: dayOf(time) }
      return [{ key, counts: { orders: kind === 'invoices' ? 1 : 0, net: netOf(document) } }]
    }),
  )

const customerMonths = (documents: ReadonlyArray<Document>): Row[] =>
  tally(
    documents.flatMap(({ tenant, customerId, time, kind }) => {
      const [year, month] = time.split('-')
      if (customerId === null || kind !== 'invoices') return []
      return [{ key: { tenant, customer_id: customerId, month: `${year}-${month}-01` }, counts: { orders: 1 } }]
    }),
  )

/** Every line, and every stock adjustment, is a fact of its own. */
const productDays = (recorded: ReadonlyArray<Recorded>): Row[] => {
  const lineFacts = (
    tenant: string,
    time: string,
    column: string,
    lines: ReadonlyArray<Pick<Line, 'sku' | 'quantity'>>,
  ): ReadonlyArray<Fact> =>
    lines.map(({ sku, quantity }) => ({ key: { tenant, sku, day: dayOf(time) }, counts: { [column]: quantity } }))
  return tally(
    recorded.flatMap(({ tenant, time, event: { type, data } }) => {
      switch (type) {
        case 'OrderPlaced':
          return lineFacts(tenant, data.placedAt, 'sold', data.lines)
        case 'OrderCancelled':
          return lineFacts(tenant, data.cancelledAt, 'cancelled', data.lines)
        case 'CreditNoteIssued':
          return lineFacts(tenant, data.issuedAt, 'credited', data.lines)
        case 'StockAdjusted': {
          const column = data.quantity < 0 ? 'adjusted_out' : 'adjusted_in'
          return lineFacts(tenant, time, column, [{ sku: data.sku, quantity: Math.abs(data.quantity) }])
        }
        default:
          return []
      }
    }),
  )
}

const orderFunnel = (streams: ReadonlyArray<ReadonlyArray<Recorded>>): Row[] =>
  tally(
    streams.flatMap((stream) => {
      const has = (type: string): number => (stream.some(({ event }) => event.type === type) ? 1 : 0)
      return stream.flatMap(({ tenant, event: { type, data } }): ReadonlyArray<Fact> => {
        switch (type) {
          case 'OrderPlaced':
            return [
              { key: { tenant, day: dayOf(data.placedAt) }, counts: { placed: 1, cancelled: has('OrderCancelled') } },
            ]
          case 'InvoiceIssued':
            return [{ key: { tenant, day: dayOf(data.issuedAt) }, counts: { invoiced: 1 - has('InvoiceVoided') } }]
          case 'CreditNoteIssued':
            return [{ key: { tenant, day: dayOf(data.issuedAt) }, counts: { credited: 1 } }]
          default:
            return []
        }
      })
    }),
  )

const basketRows = (stream: ReadonlyArray<Recorded>): ReadonlyArray<Row> =>
  stream.some(({ event }) => event.type === 'OrderCancelled')
    ? []
    : stream.flatMap(({ tenant, event: { type, data } }) =>
        type === 'OrderPlaced'
          ? [...new Set(data.lines.map(({ sku }) => sku))].map((sku) => ({ tenant, order_id: data.orderId, sku }))
          : [],
      )

/** What the views behind the reports on customers, products and orders must hold, counted fact by fact. */
export const naiveReports = (
  streams: ReadonlyArray<ReadonlyArray<Recorded>>,
  documents: ReadonlyArray<Document>,
): { readonly [table: string]: ReadonlyArray<Row> } => ({
  customer_days: customerDays(documents),
  customer_months: customerMonths(documents),
  product_days: productDays(streams.flat()),
  order_funnel: orderFunnel(streams),
  baskets: streams.flatMap(basketRows),
})
