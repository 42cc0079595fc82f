import * as t from 'io-ts'
import { Images } from '../../schemas/images.ts'
import { Price } from '../../schemas/money.ts'
import { nullable } from '../../schemas/nullable.ts'
import { strict } from '../../schemas/strict.ts'
import { Name, Reason, Sku } from '../../schemas/text.ts'
import { choice } from '../choice.ts'
import { Pieces, Version } from '../replies.ts'
import { IntegerColumn, jsonColumn, money, NumericColumn } from '../rows.ts'

export const ProductStatus = choice('ProductStatus', ['active', 'discontinued'])

const facts = {
  id: Sku,
  sku: Sku,
  name: Name,
  category: nullable(Name),
  price: Price,
  images: Images,
  status: ProductStatus,
  discontinuationReason: nullable(Reason),
}

/** `onHand` is what stock adjustments add up to; 0 when there was none. `version` is the product's own, not its stock's. */
export const Product = t.strict({ ...facts, onHand: Pieces, version: Version }, 'Product')
export type Product = t.TypeOf<typeof Product>

/** What a product's own stream tells of it: all but its stock. */
type ProductFacts = Omit<Product, 'onHand'>

const factColumns = {
  sku: Sku,
  version: IntegerColumn,
  status: ProductStatus,
  name: Name,
  category: nullable(Name),
  price: NumericColumn,
  currency: t.string,
  images: jsonColumn(Images),
  discontinuation_reason: nullable(Reason),
}

/** A row of the view `products`. */
export const FactsRow = strict(factColumns)
type FactsRow = t.TypeOf<typeof FactsRow>

/** A row of the view `products` with its stock level. */
export const ProductRow = strict({ ...factColumns, on_hand: IntegerColumn })
type ProductRow = t.TypeOf<typeof ProductRow>

/** What a query of products selects; it continues with its own conditions on `p`. */
export const SELECT_PRODUCTS = `
  SELECT p.sku, p.version, p.status, p.name, p.category, p.price, p.currency, p.images, p.discontinuation_reason,
         coalesce(s.on_hand, 0) AS on_hand
    FROM products p
    LEFT JOIN stock_levels s ON s.tenant = p.tenant AND s.sku = p.sku`

export const factsOf = (row: FactsRow): ProductFacts => ({
  id: row.sku,
  sku: row.sku,
  name: row.name,
  category: row.category,
  price: money(row.price, row.currency),
  images: row.images,
  status: row.status,
  discontinuationReason: row.discontinuation_reason,
  version: row.version,
})

export const productOf = (row: ProductRow): Product => ({ ...factsOf(row), onHand: row.on_hand })
