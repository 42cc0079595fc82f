import type { Operation } from '../schemas/endpoint.ts'
import { getInvoice } from './invoices/get-invoice.ts'
import { getOrder } from './orders/get-order.ts'
import { listOrders } from './orders/list-orders.ts'
import { orderHistory } from './orders/order-history.ts'
import { getProduct } from './products/get-product.ts'
import { listProducts } from './products/list-products.ts'
import { boughtTogether } from './reports/bought-together.ts'
import { cohorts } from './reports/cohorts.ts'
import { customerReport } from './reports/customer-report.ts'
import { orderFunnel } from './reports/order-funnel.ts'
import { productMovement } from './reports/product-movement.ts'
import { salesReport } from './sales/sales-report.ts'
import type { SearchDeps } from './search/search-deps.ts'
import { searchProducts } from './search/search-products.ts'
import { suggestProducts } from './search/suggest-products.ts'
import { getStock } from './stock/get-stock.ts'
import { listStock } from './stock/list-stock.ts'

/** Every query of the HTTP API. A new one is a file and a line here. */
export const readOperations = (deps: SearchDeps): ReadonlyArray<Operation> => [
  listOrders(deps),
  getOrder(deps),
  orderHistory(deps),
  getInvoice(deps),
  listProducts(deps),
  getProduct(deps),
  listStock(deps),
  getStock(deps),
  salesReport(deps),
  customerReport(deps),
  productMovement(deps),
  orderFunnel(deps),
  cohorts(deps),
  boughtTogether(deps),
  searchProducts(deps),
  suggestProducts(deps),
]
