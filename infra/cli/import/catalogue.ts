import type { Row } from './row.ts'

export type Product = {
  readonly sku: string
  readonly name: string
  readonly price: { readonly amount: string; readonly currency: string }
}

/** By SKU, what the whole file says of the product. */
export type Catalogue = ReadonlyMap<string, Product>

/** The API's limit on names. */
const LONGEST_NAME = 200

type Poll = { readonly votes: Map<string, number>; leader: string | undefined }

const emptyPoll = (): Poll => ({ votes: new Map(), leader: undefined })

/** Whoever first reaches the highest count leads: of equals, the one that reached it first in the file. */
const vote = (poll: Poll, value: string): void => {
  const count = (poll.votes.get(value) ?? 0) + 1
  poll.votes.set(value, count)
  if (poll.leader === undefined || count > (poll.votes.get(poll.leader) ?? 0)) poll.leader = value
}

type Polls = { readonly names: Poll; readonly prices: Poll; readonly currency: string }

const isPricedSale = ({ invoice, quantity, unitPrice }: Row): boolean =>
  !/^[AC]/.test(invoice) && quantity > 0 && unitPrice !== '0' && !unitPrice.startsWith('-')

const productOf = (sku: string, { names, prices, currency }: Polls): Product => {
  const [amount = '0', priced = currency] = prices.leader?.split(' ') ?? []
  const name = (names.leader ?? sku).slice(0, LONGEST_NAME).trim().toWellFormed()
  return { sku, name, price: { amount, currency: priced } }
}

/**
 * Collects products row by row: the name is the description seen most often (without any, the SKU), the price the unit price
 * seen most often in sales above zero (without any, 0). Needs memory by distinct SKUs, descriptions and prices.
 */
export const catalogueBuilder = (): { readonly add: (row: Row) => void; readonly build: () => Catalogue } => {
  const polls = new Map<string, Polls>()
  return {
    add: (row) => {
      const known = polls.get(row.sku)
      const poll = known ?? { names: emptyPoll(), prices: emptyPoll(), currency: row.currency }
      if (known === undefined) polls.set(row.sku, poll)
      if (row.description !== null) vote(poll.names, row.description)
      if (isPricedSale(row)) vote(poll.prices, `${row.unitPrice} ${row.currency}`)
    },
    build: () => new Map([...polls].map(([sku, poll]) => [sku, productOf(sku, poll)])),
  }
}
