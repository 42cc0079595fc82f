export type CreditNoteState = { readonly _tag: 'Unknown' } | { readonly _tag: 'Issued' }

export const initial: CreditNoteState = { _tag: 'Unknown' }
