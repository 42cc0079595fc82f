import * as t from 'io-ts'
import { strict } from '../../schemas/strict.ts'
import { Sku } from '../../schemas/text.ts'
import { Pieces, Version } from '../replies.ts'
import { IntegerColumn } from '../rows.ts'

/** `onHand` is what stock adjustments add up to: orders do not touch stock. `version` is that of the SKU's stock. */
export const StockLevel = t.strict({ sku: Sku, onHand: Pieces, version: Version }, 'StockLevel')
export type StockLevel = t.TypeOf<typeof StockLevel>

/** A row of the view `stock_levels`. */
export const StockRow = strict({ sku: Sku, on_hand: IntegerColumn, version: IntegerColumn })
type StockRow = t.TypeOf<typeof StockRow>

/** What a query of stock selects; it continues with its own conditions. */
export const SELECT_STOCK = 'SELECT sku, on_hand, version FROM stock_levels'

export const levelOf = ({ sku, on_hand, version }: StockRow): StockLevel => ({ sku, onHand: on_hand, version })
