import * as E from 'fp-ts/lib/Either.js'
import type { Operation } from '../../schemas/endpoint.ts'
import { AdjustStock, SkuPath } from '../../schemas/requests/commands.ts'
import { stockLevels } from '../aggregates.ts'
import type { WriteDependencies } from './write.ts'
import { writeOperation } from './write-operation.ts'

export const stockOperations = (deps: WriteDependencies): ReadonlyArray<Operation> => [
  writeOperation(deps, {
    operationId: 'adjustStock',
    path: '/v1/stock/{sku}/adjustments',
    summary: 'Adjust the stock of a SKU; a negative quantity takes away',
    tag: 'Stock',
    params: SkuPath,
    body: AdjustStock,
    status: 201,
    problems: [{ status: 422, code: 'stock_out_of_range' }],
    aggregate: stockLevels,
    creates: false,
    idOf: ({ params }) => params.sku,
    commandOf: async ({ params: { sku }, body: { quantity, reason } }) =>
      E.right({ type: 'AdjustStock', sku, quantity, reason }),
  }),
]
