import Big from 'big.js'
import * as E from 'fp-ts/lib/Either.js'
import type { Commit } from '../../infra/event-store/port.ts'
import type { Row } from '../../projections/change.ts'
import { eventCodecs } from '../../projections/event-codecs.ts'
import { recordedEventsOf } from '../../projections/recorded.ts'
import { type Document, documentsOf, type Line, type Recorded } from './naive-documents.ts'
import { naiveProcesses } from './naive-processes.ts'
import { naiveReports } from './naive-reports.ts'

const decode = recordedEventsOf(eventCodecs)

export type NaiveViews = { readonly [table: string]: ReadonlyArray<Row> }

const sumOf = (column: Document['column'], entries: ReadonlyArray<Entry>): string =>
  entries
    .filter(({ document }) => document.column === column)
    .reduce((sum, { line }) => sum.plus(new Big(line.unitPrice).times(line.quantity)), new Big(0))
    .toFixed()

const countOf = (kind: Document['kind'], entries: ReadonlyArray<Entry>): number =>
  new Set(entries.flatMap(({ document }) => (document.kind === kind ? [document] : []))).size

type Entry = { readonly place: Row; readonly document: Document; readonly line: Line }

/** Every line stands at four places; a place's row counts and sums what stands there. */
const salesOf = (documents: ReadonlyArray<Document>): Row[] => {
  const entries = documents.flatMap((document) =>
    document.lines.flatMap((line): ReadonlyArray<Entry> => {
      const keys = { day: '', country: document.country ?? '', customer: document.customerId ?? '', product: line.sku }
      const { tenant, currency, time } = document
      return Object.entries(keys).map(([dimension, key]) => {
        const place = { tenant, dimension, currency, day: time.slice(0, 10), key }
        return { place, document, line }
      })
    }),
  )
  return [...Map.groupBy(entries, ({ place }) => JSON.stringify(place)).values()].map((there) => ({
    ...there[0]?.place,
    invoices: countOf('invoices', there),
    credit_notes: countOf('credit_notes', there),
    bookings: countOf('bookings', there),
    units: there.reduce((sum, { document, line }) => sum + (document.kind === 'bookings' ? 0 : line.quantity), 0),
    gross: sumOf('gross', there),
    credits: sumOf('credits', there),
    adjustments: sumOf('adjustments', there),
  }))
}

const orderRow = (stream: ReadonlyArray<Recorded>): ReadonlyArray<Row> =>
  stream.flatMap(({ tenant, event }) => {
    if (event.type !== 'OrderPlaced') return []
    const { orderId, customerId, country, currency, placedAt, total, lines } = event.data
    const cancelled = stream.flatMap((other) => (other.event.type === 'OrderCancelled' ? [other.event.data] : []))[0]
    return [
      {
        tenant,
        order_id: orderId,
        version: stream.length,
        status: cancelled ? 'cancelled' : 'placed',
        customer_id: customerId,
        country,
        currency,
        placed_at: placedAt,
        total,
        line_count: lines.length,
        cancelled_at: cancelled?.cancelledAt ?? null,
        cancellation_reason: cancelled?.reason ?? null,
      },
    ]
  })

const lineRows = ({ tenant, event }: Recorded): ReadonlyArray<Row> =>
  event.type === 'OrderPlaced'
    ? event.data.lines.map(({ sku, description, quantity, unitPrice }, index) => {
        const key = { tenant, order_id: event.data.orderId, line_no: index + 1 }
        return { ...key, sku, description, quantity, unit_price: unitPrice }
      })
    : []

const productRow = (stream: ReadonlyArray<Recorded>): ReadonlyArray<Row> => {
  let row: Row | undefined
  for (const { tenant, version, event } of stream) {
    if (event.type === 'ProductAdded') {
      const { sku, name, category, price, images } = event.data
      const pictured = `[${images.map((url) => `"${url}"`).join()}]`
      const priced = { price: price.amount, currency: price.currency }
      row = { tenant, sku, version, status: 'active', name, category, ...priced, images: pictured }
    } else if (event.type === 'ProductPriceChanged') {
      row = { ...row, version, price: event.data.price.amount, currency: event.data.price.currency }
    } else if (event.type === 'ProductDiscontinued') {
      row = { ...row, version, status: 'discontinued', discontinuation_reason: event.data.reason }
    }
  }
  return row ? [row] : []
}

const stockRow = (stream: ReadonlyArray<Recorded>): ReadonlyArray<Row> => {
  const adjusted = stream.flatMap(({ tenant, event }) =>
    event.type === 'StockAdjusted' ? [{ tenant, ...event.data }] : [],
  )
  const onHand = adjusted.reduce((sum, { quantity }) => sum + quantity, 0)
  const first = adjusted[0]
  return first ? [{ tenant: first.tenant, sku: first.sku, version: adjusted.length, on_hand: onHand }] : []
}

/** What the views must hold after these commits, told once more in the plainest way, without changes, merging or gates. */
export const naiveViews = (commits: ReadonlyArray<Commit>): NaiveViews => {
  const streams = Map.groupBy(commits, ({ stream }) => JSON.stringify(stream))
  const recorded = [...streams.values()].map((stream) =>
    stream.flatMap((commit) => E.getOrElse((): ReadonlyArray<Recorded> => [])(decode(commit))),
  )
  const documents = recorded.flatMap(documentsOf)
  return {
    orders: recorded.flatMap(orderRow),
    order_lines: recorded.flat().flatMap(lineRows),
    products: recorded.flatMap(productRow),
    stock_levels: recorded.flatMap(stockRow),
    sales: salesOf(documents),
    ...naiveReports(recorded, documents),
    ...naiveProcesses(recorded),
  }
}
