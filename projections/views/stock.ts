import type { StockEvent } from '../../schemas/events/stock.ts'
import { add } from '../change.ts'
import type { Projection, Table } from '../projection.ts'

const stockLevels: Table = {
  name: 'stock_levels',
  rows: 'shared',
  key: { tenant: 'text', sku: 'text' },
  columns: { version: 'bigint', on_hand: 'bigint' },
}

/**
 * Stock on hand per SKU. The event tells a delta and not the level, so the row takes `add` although one stream owns it.
 * Versions count a stream's events from 1 and each is applied once: counting them is the version.
 */
export const stock: Projection<StockEvent> = {
  name: 'stock',
  version: 1,
  streamTypes: ['stock'],
  tables: [stockLevels],
  on: {
    StockAdjusted: ({ tenant, event: { data } }) => [
      add('stock_levels', { tenant, sku: data.sku }, { version: 1, on_hand: data.quantity }),
    ],
  },
}
