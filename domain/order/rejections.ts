export type OrderRejection =
  | { readonly _tag: 'OrderIdTaken' }
  | { readonly _tag: 'OrderNotFound' }
  | { readonly _tag: 'OrderIsCancelled' }
  | { readonly _tag: 'TotalOutOfRange' }
