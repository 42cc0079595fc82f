import { readFileSync } from 'node:fs'
import Big from 'big.js'
import { parse } from 'csv-parse/sync'

type Row = { readonly [column: string]: string }

export type Customer = { readonly lastOrder: string; readonly orders: number; readonly net: string }

const isCredit = ({ InvoiceNo = '' }: Row): boolean => InvoiceNo.startsWith('C')
const isSale = (row: Row): boolean => !isCredit(row) && Number(row['Quantity']) > 0

const distinct = (rows: ReadonlyArray<Row>, column: string): ReadonlyArray<string> => [
  ...new Set(rows.map((row) => row[column] ?? '')),
]

const customerOf = (rows: ReadonlyArray<Row>): Customer => {
  const sales = rows.filter(isSale)
  const firstTimes = [...Map.groupBy(sales, ({ InvoiceNo }) => InvoiceNo).values()].map(
    (invoice) => invoice.map(({ InvoiceDate = '' }) => InvoiceDate).toSorted()[0] ?? '',
  )
  const amounts = rows
    .filter((row) => isSale(row) || isCredit(row))
    .map(({ Quantity = '', UnitPrice = '' }) => new Big(UnitPrice).times(Quantity))
  return {
    lastOrder: firstTimes.toSorted().at(-1)?.slice(0, 10) ?? '',
    orders: firstTimes.length,
    net: amounts.reduce((sum, amount) => sum.plus(amount), new Big(0)).toFixed(),
  }
}

/** An Online Retail file's customers who ordered, and the distinct SKUs of each order: from its rows, with nothing of Daybook. */
export const realInvoices = (
  file: string,
): { readonly customers: ReadonlyMap<string, Customer>; readonly baskets: ReadonlyArray<ReadonlySet<string>> } => {
  const rows: ReadonlyArray<Row> = parse(readFileSync(file), { columns: true })
  const named = rows.filter(({ CustomerID }) => CustomerID !== '')
  const byCustomer = Map.groupBy(named, ({ CustomerID = '' }) => CustomerID.replace(/\.0$/, ''))
  const customers = [...byCustomer].map(([id, own]) => [id, customerOf(own)] as const)
  const orders = Map.groupBy(rows.filter(isSale), ({ InvoiceNo }) => InvoiceNo)
  return {
    customers: new Map(customers.filter(([, { orders }]) => orders > 0)),
    baskets: [...orders.values()].map((order) => new Set(distinct(order, 'StockCode'))),
  }
}
