export type StockRejection = { readonly _tag: 'StockOutOfRange' }
