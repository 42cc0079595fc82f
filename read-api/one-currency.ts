import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { Asked } from '../infra/postgres/statement.ts'
import { Currency, Decimal } from '../schemas/money.ts'
import { type Problem, problem } from '../schemas/problem.ts'
import { strict } from '../schemas/strict.ts'
import { select } from './rows.ts'

/** ISO 4217: "no currency involved". Spells the zeros of a tenant that has sold nothing yet. */
export const NO_CURRENCY = 'XXX'

export const Figure = t.readonly(
  t.strict({ amount: Decimal, currency: t.union([Currency, t.literal(NO_CURRENCY)]) }),
  'Figure',
)

export const CURRENCY_REQUIRED = { status: 400, code: 'currency_required' } as const

const currencyRequired = (currencies: ReadonlyArray<string>): Problem =>
  problem(CURRENCY_REQUIRED.status, CURRENCY_REQUIRED.code, 'A report is of one currency', {
    detail: `There are sales in ${currencies.join(', ')}.`,
    errors: [{ pointer: '/query/currency', message: `must be one of ${currencies.join(', ')}` }],
  })

const CurrencyRow = strict({ currency: t.string })

/**
 * The currency of a report: the one that is asked for, else the only one that the tenant has sold in, else `NO_CURRENCY`.
 * Left 400 `currency_required` when there are several. @param currencies selects a tenant's ($1), in alphabetical order.
 */
export const oneCurrency = async (
  asked: Asked,
  tenant: string,
  currency: string | undefined,
  currencies: string,
): Promise<E.Either<Problem, string>> => {
  if (currency !== undefined) return E.right(currency)
  const inUse = (await select(asked, CurrencyRow, currencies, [tenant])).map((row) => row.currency)
  return inUse.length > 1 ? E.left(currencyRequired(inUse)) : E.right(inUse[0] ?? NO_CURRENCY)
}
