import { join } from 'node:path'
import Big from 'big.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readRows } from '../../infra/cli/import/rows.ts'
import { projectorPool } from '../../infra/postgres/pool.ts'
import { postgresViewStore } from '../../infra/views/postgres.ts'
import { BoughtTogether } from '../../read-api/reports/bought-together.ts'
import { CustomerReport } from '../../read-api/reports/customer-report.ts'
import { directApi, importThrough } from '../infra/cli/import/importing.ts'
import { batchesOf, deliver } from '../projections/deliveries.ts'
import { projectorOf } from '../projections/projector-under-test.ts'
import { type Asking, asking, bodyAs } from './asking.ts'
import { pagesOf } from './pages.ts'
import { realInvoices } from './real-invoices.ts'
import { startViews, type Views } from './views.ts'

const SAMPLE = join(import.meta.dirname, '../data/online-retail-sample.csv')
const { customers, baskets } = realInvoices(SAMPLE)

let views: Views
let ask: Asking
beforeAll(async () => {
  views = await startViews()
  ask = asking(views.reads)
  const { transport, store } = directApi()
  await importThrough(transport, () => readRows(SAMPLE))
  const projector = projectorPool(views.url, { max: 8 })
  const handler = projectorOf({ views: postgresViewStore(projector), events: store })
  for (const batch of batchesOf(store.commits())) await deliver(handler, batch)
  await projector.end()
}, 60_000)
afterAll(() => views.stop())

test('the value of every real customer is what the rows of the file add up to', async () => {
  const query = { asOf: '2010-12-31', limit: '50', sort: 'customerId' }
  const pages = await pagesOf(ask, 'getCustomerReport', CustomerReport, { query })
  const found = pages.flatMap(({ rows }) => rows)
  expect(found.length).toBeGreaterThan(200)
  expect(
    new Map(
      found.map(({ customerId, lastOrder, orders, net }) => [customerId, { lastOrder, orders, net: net.amount }]),
    ),
  ).toEqual(customers)
})

const holding = (...skus: ReadonlyArray<string>): number =>
  baskets.filter((basket) => skus.every((sku) => basket.has(sku))).length

const rounded = (part: number | Big, whole: number | Big): string => new Big(part).div(whole).round(6).toFixed()

/** SKUs by how many baskets they are in, the most first. */
const popular = [
  ...Map.groupBy(
    baskets.flatMap((basket) => [...basket]),
    (sku) => sku,
  ),
]
  .toSorted(([, one], [, other]) => other.length - one.length)
  .map(([sku]) => sku)

test.each([...popular.slice(0, 5), popular[200] ?? ''])(
  'what was really bought together with %s has the support, confidence and lift of a count over the file',
  async (sku) => {
    const all = baskets.length
    const others = new Set(baskets.filter((basket) => basket.has(sku)).flatMap((basket) => [...basket]))
    others.delete(sku)
    const frequent = [...others].filter((other) => holding(sku, other) >= 3)
    const answer = bodyAs(
      BoughtTogether,
      await ask('getBoughtTogether', { query: { sku, limit: '1000', minSupport: new Big(2.5).div(all).toFixed(18) } }),
    )
    expect(answer).toMatchObject({ baskets: all, withSku: holding(sku) })
    expect(frequent.length).toBeGreaterThan(0)
    expect(new Map(answer.items.map(({ sku: other, ...pair }) => [other, pair]))).toEqual(
      new Map(
        frequent.map((other) => {
          const [together, withSku, withOther] = [holding(sku, other), holding(sku), holding(other)]
          return [
            other,
            {
              together,
              withOther,
              support: rounded(together, all),
              confidence: rounded(together, withSku),
              lift: rounded(new Big(together).times(all), new Big(withSku).times(withOther)),
            },
          ]
        }),
      ),
    )
  },
)
