import Big from 'big.js'
import * as t from 'io-ts'
import type { Asked } from '../../infra/postgres/statement.ts'
import { baskets } from '../../projections/views/baskets.ts'
import { type Operation, operation, READERS } from '../../schemas/endpoint.ts'
import { Nothing } from '../../schemas/requests/body.ts'
import { strict } from '../../schemas/strict.ts'
import { DescribedType, Sku } from '../../schemas/text.ts'
import { afterToken, CONSISTENCY_HEADERS, CONSISTENCY_PROBLEMS, tablesOf } from '../consistency.ts'
import { DEFAULT_LIMIT, Limit } from '../parameters.ts'
import { Ratio, ratio } from '../ratio.ts'
import type { ReadDeps } from '../read-deps.ts'
import { Count, ok } from '../replies.ts'
import { IntegerColumn, select, selectOne } from '../rows.ts'

const SHARE = /^(?:0(?:\.[0-9]{1,18})?|1(?:\.0{1,18})?)$/

const MinSupport = new DescribedType<string>(
  'MinSupport',
  {
    type: 'string',
    pattern: SHARE.source,
    default: '0',
    description: 'Leaves out pairs in a smaller share of all baskets.',
  },
  (input) => (typeof input === 'string' && SHARE.test(input) ? input : undefined),
  'must be a decimal from 0 to 1, like "0.01"',
)

const Query = t.exact(t.intersection([t.type({ sku: Sku }), t.partial({ minSupport: MinSupport, limit: Limit })]))

/** `together`: baskets with both; `withOther`: with this SKU. */
const Pair = t.strict(
  { sku: Sku, together: Count, withOther: Count, support: Ratio, confidence: Ratio, lift: Ratio },
  'BoughtTogetherPair',
)

export const BoughtTogether = t.strict(
  { sku: Sku, baskets: Count, withSku: Count, items: t.readonlyArray(Pair) },
  'BoughtTogether',
)
type BoughtTogether = t.TypeOf<typeof BoughtTogether>

const COUNTS = `
  SELECT (SELECT count(*) FROM (SELECT DISTINCT order_id FROM baskets WHERE tenant = $1) AS orders) AS baskets,
         (SELECT count(*) FROM baskets WHERE tenant = $1 AND sku = $2) AS with_sku`

const PAIRS = `
  SELECT sku, together, (SELECT count(*) FROM baskets o WHERE o.tenant = $1 AND o.sku = pairs.sku) AS with_other
    FROM (SELECT other.sku, count(*) AS together
            FROM baskets one JOIN baskets other ON other.tenant = one.tenant AND other.order_id = one.order_id
           WHERE one.tenant = $1 AND one.sku = $2 AND other.sku <> $2
           GROUP BY other.sku
          HAVING count(*) >= $3::numeric * $4::bigint
           ORDER BY together DESC, other.sku
           LIMIT $5) AS pairs
   ORDER BY together DESC, sku`

const boughtWith = async (
  asked: Asked,
  tenant: string,
  { sku, minSupport = '0', limit = DEFAULT_LIMIT }: t.TypeOf<typeof Query>,
): Promise<BoughtTogether> => {
  const Counts = strict({ baskets: IntegerColumn, with_sku: IntegerColumn })
  const { baskets, with_sku: withSku } = await selectOne(asked, Counts, COUNTS, [tenant, sku])
  const PairRow = strict({ sku: Sku, together: IntegerColumn, with_other: IntegerColumn })
  const rows = await select(asked, PairRow, PAIRS, [tenant, sku, minSupport, baskets, limit])
  const items = rows.map(({ sku, together, with_other: withOther }) => ({
    sku,
    together,
    withOther,
    support: ratio(together, baskets),
    confidence: ratio(together, withSku),
    lift: ratio(new Big(together).times(baskets), new Big(withSku).times(withOther)),
  }))
  return { sku, baskets, withSku, items }
}

/** What is in the same baskets as a SKU: the distinct SKUs of each order that was not cancelled. The most frequent come first. */
export const boughtTogether = (deps: ReadDeps): Operation =>
  operation({
    method: 'GET',
    path: '/v1/reports/bought-together',
    operationId: 'getBoughtTogether',
    summary: 'SKUs that were ordered together with one, with support, confidence and lift',
    tag: 'Reports',
    roles: READERS,
    headers: CONSISTENCY_HEADERS,
    problems: CONSISTENCY_PROBLEMS,
    params: Nothing,
    query: Query,
    body: t.unknown,
    reply: {
      status: 200,
      description:
        'The most frequent pairs, at most `limit`; ties go by SKU. support = together / baskets, confidence = together / withSku, lift = confidence / (withOther / baskets). An unknown SKU is in no basket.',
      body: BoughtTogether,
    },
    handle: afterToken(deps.clock, [tablesOf(deps, baskets)], async ({ caller: { tenant }, query }) =>
      ok(await deps.asReader(tenant, (client) => boughtWith(client, tenant, query))),
    ),
  })
