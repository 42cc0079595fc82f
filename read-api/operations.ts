import type { Operation } from '../schemas/endpoint.ts'
import { Adjustment, adjustmentEntity } from './adjustments/adjustment-entity.ts'
import { CreditNote, creditNoteEntity } from './credit-notes/credit-note-entity.ts'
import { fromEvents, getEntity } from './get-entity.ts'
import { historyOf } from './history.ts'
import { Invoice, invoiceEntity } from './invoices/invoice-entity.ts'
import { getOrder } from './orders/get-order.ts'
import { listOrders } from './orders/list-orders.ts'
import { orderEntity } from './orders/order-entity.ts'
import { listRefusedSteps } from './process-steps/list-refused-steps.ts'
import { getProduct } from './products/get-product.ts'
import { listProducts } from './products/list-products.ts'
import { productEntity } from './products/product-entity.ts'
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
import { stockEntity } from './stock/stock-entity.ts'

/** Every query of the HTTP API. A new one is a file and a line here. */
export const readOperations = (deps: SearchDeps): ReadonlyArray<Operation> => [
  listOrders(deps),
  getOrder(deps),
  historyOf(deps, orderEntity),
  getEntity(deps, invoiceEntity, 'An invoice', Invoice, fromEvents(deps, invoiceEntity)),
  historyOf(deps, invoiceEntity),
  getEntity(deps, creditNoteEntity, 'A credit note with its lines', CreditNote, fromEvents(deps, creditNoteEntity)),
  historyOf(deps, creditNoteEntity),
  getEntity(deps, adjustmentEntity, 'An adjustment', Adjustment, fromEvents(deps, adjustmentEntity)),
  historyOf(deps, adjustmentEntity),
  listProducts(deps),
  getProduct(deps),
  historyOf(deps, productEntity),
  listStock(deps),
  getStock(deps),
  historyOf(deps, stockEntity),
  salesReport(deps),
  customerReport(deps),
  productMovement(deps),
  orderFunnel(deps),
  cohorts(deps),
  boughtTogether(deps),
  listRefusedSteps(deps),
  searchProducts(deps),
  suggestProducts(deps),
]
