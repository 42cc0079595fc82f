import * as t from 'io-ts'
import { eventCodecs } from '../../projections/event-codecs.ts'
import { readModel } from '../../projections/read-model.ts'
import { recordedEventsOf } from '../../projections/recorded.ts'
import { products } from '../../projections/views/products.ts'
import { problem } from '../../schemas/problem.ts'
import { Sku } from '../../schemas/text.ts'
import { rowsOf } from '../rows.ts'
import { viewFold } from '../view-fold.ts'
import { FactsRow, factsOf } from './product.ts'

/** A product as its own stream tells of it: without its stock, which has a stream of its own. */
export const productEntity = {
  name: 'Product',
  noun: 'a product',
  tag: 'Products',
  streamType: 'product',
  path: '/v1/products/{sku}',
  params: t.strict({ sku: Sku }),
  idOf: ({ sku }: { readonly sku: string }) => sku,
  notFound: problem(404, 'product_not_found', 'There is no such product'),
  ...viewFold(readModel(products), recordedEventsOf(eventCodecs), (rowsIn) => {
    const [row] = rowsOf(FactsRow, rowsIn('products'))
    return row === undefined ? null : factsOf(row)
  }),
}
