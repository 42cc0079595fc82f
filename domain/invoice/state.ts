/** What was asked for, of whom, under which number. */
export type InvoiceDocument = {
  /** Gapless in the tenant, from 1. */
  readonly number: number
  readonly orderId: string
  readonly customerId: string | null
  readonly currency: string
  readonly total: string
  readonly issuedAt: string
}

export type InvoiceState =
  | { readonly _tag: 'Unknown' }
  | { readonly _tag: 'Issued'; readonly document: InvoiceDocument }
  | {
      readonly _tag: 'Voided'
      readonly document: InvoiceDocument
      readonly reason: string
      readonly voidedAt: string
    }

export const initial: InvoiceState = { _tag: 'Unknown' }
