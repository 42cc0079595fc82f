export type AdjustmentState = { readonly _tag: 'Unknown' } | { readonly _tag: 'Booked' }

export const initial: AdjustmentState = { _tag: 'Unknown' }
