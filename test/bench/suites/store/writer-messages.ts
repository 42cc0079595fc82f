import * as t from 'io-ts'

/** What a writer process is asked: this many postings on one ledger, in an arm's way. */
export const Task = t.strict({ arm: t.string, ledger: t.string, count: t.number, metered: t.boolean })
export type Task = t.TypeOf<typeof Task>

/** What it answers when they are through; `requests` and `writeUnits` are counted where it was asked to. */
export const Wrote = t.strict({
  type: t.literal('wrote'),
  postings: t.array(t.string),
  latenciesMs: t.array(t.number),
  requests: t.number,
  writeUnits: t.number,
})
export type Wrote = t.TypeOf<typeof Wrote>
