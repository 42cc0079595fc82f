import { type ReadModel, readModel } from './read-model.ts'
import { baskets } from './views/baskets.ts'
import { cohorts } from './views/cohorts.ts'
import { customerValue } from './views/customer-value.ts'
import { invoicing } from './views/invoicing.ts'
import { orderFunnel } from './views/order-funnel.ts'
import { orders } from './views/orders.ts'
import { productMovement } from './views/product-movement.ts'
import { products } from './views/products.ts'
import { refusedSteps } from './views/refused-steps.ts'
import { sales } from './views/sales.ts'
import { stock } from './views/stock.ts'

/** Every read model in Postgres. A new one is a file in `views/`, a migration and a line here. */
export const postgresProjections: ReadonlyArray<ReadModel> = [
  readModel(orders),
  readModel(products),
  readModel(stock),
  readModel(sales),
  readModel(customerValue),
  readModel(productMovement),
  readModel(orderFunnel),
  readModel(cohorts),
  readModel(baskets),
  readModel(invoicing),
  readModel(refusedSteps),
]

/** The projections that read streams of this type; a consistency token of such a stream concerns each of them. */
export const projectionsOf = (streamType: string): ReadonlyArray<ReadModel> =>
  postgresProjections.filter(({ streamTypes }) => streamTypes.includes(streamType))
