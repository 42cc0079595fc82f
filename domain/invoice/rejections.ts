export type InvoiceRejection =
  | { readonly _tag: 'InvoiceIdTaken' }
  | { readonly _tag: 'InvoiceNotFound' }
  | { readonly _tag: 'InvoiceIsVoided' }
  /** `invoiceId`: the invoice that the order has. */
  | { readonly _tag: 'OrderAlreadyInvoiced'; readonly invoiceId: string }
