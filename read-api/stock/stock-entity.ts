import * as t from 'io-ts'
import { eventCodecs } from '../../projections/event-codecs.ts'
import { readModel } from '../../projections/read-model.ts'
import { recordedEventsOf } from '../../projections/recorded.ts'
import { stock } from '../../projections/views/stock.ts'
import { problem } from '../../schemas/problem.ts'
import { Sku } from '../../schemas/text.ts'
import { rowsOf } from '../rows.ts'
import { viewFold } from '../view-fold.ts'
import { levelOf, StockRow } from './stock-level.ts'

export const stockEntity = {
  name: 'Stock',
  noun: 'a SKU’s stock',
  tag: 'Stock',
  streamType: 'stock',
  path: '/v1/stock/{sku}',
  params: t.strict({ sku: Sku }),
  idOf: ({ sku }: { readonly sku: string }) => sku,
  notFound: problem(404, 'stock_not_found', 'The stock of this SKU was never adjusted'),
  ...viewFold(readModel(stock), recordedEventsOf(eventCodecs), (rowsIn) => {
    const [row] = rowsOf(StockRow, rowsIn('stock_levels'))
    return row === undefined ? null : levelOf(row)
  }),
}
