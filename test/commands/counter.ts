import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { Aggregate } from '../../commands/aggregate.ts'

type Counted = {
  readonly type: 'Counted'
  readonly schemaVersion: 1
  readonly data: { readonly by: number; readonly seen: number }
}
export type Count = { readonly by: number }

/** An aggregate that writes down what its decider saw, so that a decision on a stale state shows. */
export const counter: Aggregate<number, Count, Counted, { readonly _tag: 'TooMuch' }> = {
  streamType: 'counter',
  folded: new WeakMap(),
  kept: { version: 1, codec: t.number },
  event: t.strict({
    type: t.literal('Counted'),
    schemaVersion: t.literal(1),
    data: t.strict({ by: t.number, seen: t.number }),
  }),
  decider: {
    initial: 0,
    evolve: (state, event) => state + event.data.by,
    decide: ({ by }, state) =>
      state + by > 1_000
        ? E.left({ _tag: 'TooMuch' })
        : E.right([{ type: 'Counted', schemaVersion: 1, data: { by, seen: state } }]),
  },
}
