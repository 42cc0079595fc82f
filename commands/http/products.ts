import * as E from 'fp-ts/lib/Either.js'
import type { Operation } from '../../schemas/endpoint.ts'
import { Nothing } from '../../schemas/requests/body.ts'
import { AddProduct, ChangePrice, Discontinue, SkuPath } from '../../schemas/requests/commands.ts'
import { products } from '../aggregates.ts'
import type { WriteDependencies } from './write.ts'
import { writeOperation } from './write-operation.ts'

const tag = 'Products'
const gone = [
  { status: 404, code: 'product_not_found' },
  { status: 409, code: 'product_discontinued' },
]

export const productOperations = (deps: WriteDependencies): ReadonlyArray<Operation> => [
  writeOperation(deps, {
    operationId: 'addProduct',
    path: '/v1/products',
    summary: 'Add a product; its SKU is unique in the tenant',
    tag,
    params: Nothing,
    body: AddProduct,
    status: 201,
    problems: [{ status: 409, code: 'sku_taken' }],
    aggregate: products,
    creates: true,
    idOf: ({ body }) => body.sku,
    commandOf: async ({ body: { sku, name, category = null, price, images = [] } }) =>
      E.right({ type: 'AddProduct', sku, name, category, price, images }),
  }),
  writeOperation(deps, {
    operationId: 'changeProductPrice',
    path: '/v1/products/{sku}/price',
    summary: 'Change a price',
    tag,
    params: SkuPath,
    body: ChangePrice,
    status: 200,
    problems: gone,
    aggregate: products,
    creates: false,
    idOf: ({ params }) => params.sku,
    commandOf: async ({ body: { price } }) => E.right({ type: 'ChangeProductPrice', price }),
  }),
  writeOperation(deps, {
    operationId: 'discontinueProduct',
    path: '/v1/products/{sku}/discontinuation',
    summary: 'Discontinue a product',
    tag,
    params: SkuPath,
    body: Discontinue,
    status: 200,
    problems: gone,
    aggregate: products,
    creates: false,
    idOf: ({ params }) => params.sku,
    commandOf: async ({ body: { reason } }) => E.right({ type: 'DiscontinueProduct', reason }),
  }),
]
