import * as t from 'io-ts'
import { sha256 } from '../../../../infra/event-store/hash.ts'
import { newUlid } from '../../../../infra/ulids.ts'
import { strict } from '../../../../schemas/strict.ts'

/** One line of a posting. An event that carries it is about 500 bytes as JSON and packs to about half, as such records do. */
const line = {
  lineId: t.string,
  account: t.string,
  counterparty: t.string,
  document: t.string,
  sku: t.string,
  description: t.string,
  quantity: t.number,
  /** In pence. */
  amount: t.number,
  currency: t.string,
  bookedAt: t.string,
  memo: t.string,
}
type Line = t.TypeOf<t.TypeC<typeof line>>

/** The event: a line that was booked, and what the ledger came to by it. */
export const Entry = strict({
  ...line,
  posting: t.string,
  /** Of the posting, from 0. */
  part: t.number,
  /** Of the ledger, from 1: the version of this event in its stream, if it was decided on the stream's state. */
  number: t.number,
  balance: t.number,
})
export type Entry = t.TypeOf<typeof Entry>

/** Of a posting, where a case does not say otherwise: three events of about 500 bytes, 1.5 KB in all. */
export const LINES = 3

/** The command: book these lines, all or none. One event a line. */
export type Posting = { readonly id: string; readonly lines: ReadonlyArray<Line> }

/** The state: every contender folds and decides by the same two functions below. */
export type Ledger = { readonly entries: number; readonly balance: number }

export const emptyLedger: Ledger = { entries: 0, balance: 0 }

export const book = (ledger: Ledger, entry: Entry): Ledger => ({
  entries: ledger.entries + 1,
  balance: ledger.balance + entry.amount,
})

export const entriesOf = ({ id, lines }: Posting, ledger: Ledger): ReadonlyArray<Entry> => {
  let { entries, balance } = ledger
  return lines.map((line, part) => {
    entries += 1
    balance += line.amount
    return { ...line, posting: id, part, number: entries, balance }
  })
}

/** Of several postings, one after the other. */
export const entriesOfAll = (postings: ReadonlyArray<Posting>, ledger: Ledger): ReadonlyArray<Entry> => {
  let state = ledger
  return postings.flatMap((posting) => {
    const entries = entriesOf(posting, state)
    state = entries.reduce(book, state)
    return entries
  })
}

const DESCRIPTIONS = ['WHITE HANGING HEART T-LIGHT HOLDER', 'REGENCY CAKESTAND 3 TIER', 'JUMBO BAG RED RETROSPOT']
const ACCOUNTS = ['4000 sales', '4010 sales abroad', '1100 receivables', '2200 value added tax']

const pick = <A>(values: ReadonlyArray<A>, chance: number): A | undefined => values[chance % values.length]

const lineOf = (id: string, part: number): Line => {
  const document = sha256(`${id}/${part}`)
  const chance = Number.parseInt(document.slice(0, 12), 16)
  return {
    lineId: newUlid(),
    account: pick(ACCOUNTS, chance) ?? '',
    counterparty: `customer-${12_346 + (chance % 4_000)}`,
    document,
    sku: `${20_000 + (chance % 3_000)}`,
    description: pick(DESCRIPTIONS, chance) ?? '',
    quantity: 1 + (chance % 24),
    amount: 21 + (chance % 90_000),
    currency: 'GBP',
    bookedAt: new Date(Date.UTC(2010, 11, 1) + (chance % 15_724_800) * 1_000).toISOString(),
    memo: `delivered under order ${536_365 + (chance % 44_000)} by carrier ${chance % 31}`,
  }
}

/** A posting of so many lines, with an id that nobody else uses. */
export const postingOf = (lines: number): Posting => {
  const id = newUlid()
  return { id, lines: Array.from({ length: lines }, (_, part) => lineOf(id, part)) }
}

export const postingsOf = (count: number, lines: number): ReadonlyArray<Posting> =>
  Array.from({ length: count }, () => postingOf(lines))
