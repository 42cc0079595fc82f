/** Pieces on hand by the book. Below zero when more was written off than ever booked in: the book says so, it does not hide it. */
export type StockState = { readonly onHand: number }

export const initial: StockState = { onHand: 0 }
