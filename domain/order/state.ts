import type { Line } from '../../schemas/lines.ts'

/** What was sold, to whom, when: what a cancellation takes back. */
export type Sale = {
  readonly customerId: string | null
  readonly country: string | null
  readonly currency: string
  readonly placedAt: string
  readonly lines: ReadonlyArray<Line>
  readonly total: string
}

export type OrderState =
  | { readonly _tag: 'Unknown' }
  | { readonly _tag: 'Placed'; readonly sale: Sale }
  | { readonly _tag: 'Cancelled'; readonly sale: Sale }

export const initial: OrderState = { _tag: 'Unknown' }
