import * as t from 'io-ts'
import { Price } from '../../schemas/money.ts'
import { nullable } from '../../schemas/nullable.ts'
import { Name, Reason } from '../../schemas/text.ts'

const facts = { name: Name, category: nullable(Name), price: Price }

export const ProductState = t.union(
  [
    t.strict({ _tag: t.literal('Unknown') }),
    t.strict({ _tag: t.literal('Active'), ...facts }),
    t.strict({ _tag: t.literal('Discontinued'), reason: Reason, ...facts }),
  ],
  'ProductState',
)
export type ProductState = t.TypeOf<typeof ProductState>

export const initial: ProductState = { _tag: 'Unknown' }
