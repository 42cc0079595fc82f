import * as E from 'fp-ts/lib/Either.js'
import type { ProductEvent } from '../../schemas/events/product.ts'
import type { Money } from '../../schemas/money.ts'
import type { ProductRejection } from './rejections.ts'
import type { ProductState } from './state.ts'

export type ProductCommand =
  | {
      readonly type: 'AddProduct'
      readonly sku: string
      readonly name: string
      readonly category: string | null
      readonly price: Money
      readonly images: ReadonlyArray<string>
    }
  | { readonly type: 'ChangeProductPrice'; readonly price: Money }
  | { readonly type: 'DiscontinueProduct'; readonly reason: string }

const whenActive = (
  state: ProductState,
  event: ProductEvent,
): E.Either<ProductRejection, ReadonlyArray<ProductEvent>> => {
  switch (state._tag) {
    case 'Unknown':
      return E.left({ _tag: 'ProductNotFound' })
    case 'Discontinued':
      return E.left({ _tag: 'ProductIsDiscontinued' })
    case 'Active':
      return E.right([event])
  }
}

export const decide = (
  command: ProductCommand,
  state: ProductState,
): E.Either<ProductRejection, ReadonlyArray<ProductEvent>> => {
  switch (command.type) {
    case 'AddProduct': {
      if (state._tag !== 'Unknown') return E.left({ _tag: 'SkuTaken' })
      const { sku, name, category, price, images } = command
      return E.right([{ type: 'ProductAdded', schemaVersion: 2, data: { sku, name, category, price, images } }])
    }
    case 'ChangeProductPrice':
      return whenActive(state, { type: 'ProductPriceChanged', schemaVersion: 1, data: { price: command.price } })
    case 'DiscontinueProduct':
      return whenActive(state, { type: 'ProductDiscontinued', schemaVersion: 1, data: { reason: command.reason } })
  }
}
