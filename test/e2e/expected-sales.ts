import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import Big from 'big.js'
import { parse } from 'csv-parse/sync'

export type Figures = {
  readonly gross: string
  readonly credits: string
  readonly net: string
  readonly invoices: number
  readonly creditNotes: number
}

type Cell = { gross: Big; credits: Big; invoices: Set<string>; creditNotes: Set<string> }

const figuresOf = ({ gross, credits, invoices, creditNotes }: Cell): Figures => ({
  gross: gross.toFixed(),
  credits: credits.toFixed(),
  net: gross.plus(credits).toFixed(),
  invoices: invoices.size,
  creditNotes: creditNotes.size,
})

const textOf = (file: string): Buffer => {
  const bytes = readFileSync(file)
  return file.endsWith('.gz') ? gunzipSync(bytes) : bytes
}

/** The sales of an Online Retail file by customer, computed from its rows with nothing of the importer. '' is no customer. */
export const expectedSales = (
  file: string,
): { readonly total: Figures; readonly byCustomer: ReadonlyMap<string, Figures> } => {
  const rows: ReadonlyArray<Record<string, string>> = parse(textOf(file), { columns: true })
  const cell = (): Cell => ({ gross: new Big(0), credits: new Big(0), invoices: new Set(), creditNotes: new Set() })
  const total = cell()
  const byCustomer = new Map<string, Cell>()
  for (const { InvoiceNo = '', Quantity = '', UnitPrice = '', CustomerID = '' } of rows) {
    const credit = InvoiceNo.startsWith('C')
    if (!credit && Quantity.startsWith('-')) continue
    const customer = CustomerID.replace(/\.0$/, '')
    const own = byCustomer.get(customer) ?? cell()
    byCustomer.set(customer, own)
    for (const each of [total, own]) {
      const kind = credit ? 'credits' : 'gross'
      each[kind] = each[kind].plus(new Big(UnitPrice).times(Quantity))
      each[credit ? 'creditNotes' : 'invoices'].add(InvoiceNo)
    }
  }
  return {
    total: figuresOf(total),
    byCustomer: new Map([...byCustomer].map(([customer, each]) => [customer, figuresOf(each)])),
  }
}
