export type CreditNoteRejection = { readonly _tag: 'CreditNoteIdTaken' } | { readonly _tag: 'TotalOutOfRange' }
