import * as t from 'io-ts'

/** Pieces on hand by the book. Below zero when more was written off than ever booked in: the book says so, it does not hide it. */
export const StockState = t.readonly(t.strict({ onHand: t.number }), 'StockState')
export type StockState = t.TypeOf<typeof StockState>

export const initial: StockState = { onHand: 0 }
