export type AdjustmentRejection = { readonly _tag: 'AdjustmentIdTaken' }
