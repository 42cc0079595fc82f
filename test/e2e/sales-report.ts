import type { Figures } from './expected-sales.ts'
import type { Instance } from './instance.ts'

type Money = { readonly amount: string }

type Row = {
  readonly key: string | null
  readonly gross: Money
  readonly credits: Money
  readonly net: Money
  readonly invoices: number
  readonly creditNotes: number
}

export type Report = { readonly rows: ReadonlyArray<Row>; readonly total: Row; readonly nextCursor: string | null }

export const figures = ({ gross, credits, net, invoices, creditNotes }: Row): Figures => ({
  gross: gross.amount,
  credits: credits.amount,
  net: net.amount,
  invoices,
  creditNotes,
})

/** The report of sales as an instance answers it. */
export const salesReport = async (daybook: Pick<Instance, 'http'>, token: string, groupBy: string): Promise<Report> => {
  const { json } = await daybook.http(token, `/v1/reports/sales?groupBy=${groupBy}&limit=1000`)
  return JSON.parse(JSON.stringify(json))
}
