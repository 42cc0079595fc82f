import type { Money } from '../../schemas/money.ts'

type Facts = { readonly name: string; readonly category: string | null; readonly price: Money }

export type ProductState =
  | { readonly _tag: 'Unknown' }
  | ({ readonly _tag: 'Active' } & Facts)
  | ({ readonly _tag: 'Discontinued'; readonly reason: string } & Facts)

export const initial: ProductState = { _tag: 'Unknown' }
