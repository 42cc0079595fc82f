export type ProductRejection =
  | { readonly _tag: 'SkuTaken' }
  | { readonly _tag: 'ProductNotFound' }
  | { readonly _tag: 'ProductIsDiscontinued' }
