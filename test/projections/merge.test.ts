import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { applyTo } from '../../infra/views/memory.ts'
import { add, type Change, patch, put, type Row, remove } from '../../projections/change.ts'
import { ContradictoryChanges, merge, mergeChanges } from '../../projections/merge.ts'
import { canonicalDecimal } from '../../schemas/money.ts'

const value = fc.option(fc.string({ maxLength: 3 }), { nil: null })
const fullRow = fc.record({ a: value, b: value })
const partRow: fc.Arbitrary<Row> = fc.record({ a: value, b: value }, { requiredKeys: [] })
const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.nat({ max: 18 }))
  .map(([digits, places]) => canonicalDecimal(`${digits}e-${places}`))
const deltas = fc.record({ count: fc.integer({ min: -1000, max: 1000 }), amount: decimal }, { requiredKeys: ['count'] })

const ownedChange = (key: Row): fc.Arbitrary<Change> =>
  fc.oneof(
    fullRow.map((row) => put('owned', key, row)),
    partRow.map((row) => patch('owned', key, row)),
    fc.constant(remove('owned', key)),
  )
const addition = fc
  .record({ id: fc.constantFrom('x', 'y'), day: fc.constantFrom('1', '2'), deltas })
  .map((shared) => add('shared', { id: shared.id, day: shared.day }, shared.deltas))

/** What one stream does: changes to two rows of its own, and additions to shared rows. */
const streamChanges = (stream: number): fc.Arbitrary<ReadonlyArray<Change>> =>
  fc.array(fc.oneof(ownedChange({ stream, line: 1 }), ownedChange({ stream, line: 2 }), addition), { maxLength: 12 })
const streams = fc.tuple(streamChanges(1), streamChanges(2), streamChanges(3))

/** One order of all changes that keeps each stream's own. */
const interleaved = (streams: ReadonlyArray<ReadonlyArray<Change>>, picks: ReadonlyArray<number>): Change[] => {
  const queues = streams.map((changes) => [...changes])
  const order: Change[] = []
  for (const pick of picks) {
    const next = queues[pick % queues.length]?.shift()
    if (next) order.push(next)
  }
  return [...order, ...queues.flat()]
}

const picks = fc.array(fc.nat({ max: 2 }), { minLength: 20, maxLength: 40 })

const viewAfter = (...batches: ReadonlyArray<Iterable<Change>>) => {
  const tables = new Map<string, Map<string, Row>>()
  for (const changes of batches) applyTo(tables, changes)
  return tables
}

describe('merging changes', () => {
  test('has the effect of applying them one by one, on whatever the view held before', () => {
    fc.assert(
      fc.property(streams, streams, picks, (before, after, order) => {
        const changes = interleaved(after, order)
        expect(viewAfter(before.flat(), mergeChanges(changes))).toEqual(viewAfter(before.flat(), changes))
      }),
    )
  })

  test('leaves at most one change per row', () => {
    fc.assert(
      fc.property(streams, (changes) => {
        const rows = mergeChanges(changes.flat()).map(({ table, key }) => JSON.stringify([table, key]))
        expect(new Set(rows).size).toBe(rows.length)
      }),
    )
  })

  test('gives the same view in whatever order streams come', () => {
    fc.assert(
      fc.property(streams, picks, picks, (changes, one, other) => {
        const view = viewAfter(mergeChanges(interleaved(changes, one)))
        expect(view).toEqual(viewAfter(mergeChanges(interleaved(changes, other))))
      }),
    )
  })

  test('is associative', () => {
    const change = ownedChange({ id: 1 })
    const sameRow = addition.map((one) => ({ ...one, key: { id: 'x' } }))
    fc.assert(
      fc.property(fc.oneof(fc.tuple(change, change, change), fc.tuple(sameRow, sameRow, sameRow)), ([a, b, c]) => {
        expect(merge(merge(a, b), c)).toEqual(merge(a, merge(b, c)))
      }),
    )
  })

  test('may happen in batches: merging what was merged changes nothing', () => {
    fc.assert(
      fc.property(streams, fc.nat({ max: 36 }), (changes, cut) => {
        const all = changes.flat()
        const batches = [...mergeChanges(all.slice(0, cut)), ...mergeChanges(all.slice(cut))]
        expect(viewAfter(mergeChanges(batches))).toEqual(viewAfter(all))
      }),
    )
  })

  test('a patch of a removed row is nothing, and a put after a removal is the new row alone', () => {
    const key = { id: 1 }
    expect(mergeChanges([remove('owned', key), patch('owned', key, { a: 1 })])).toEqual([remove('owned', key)])
    expect(
      mergeChanges([put('owned', key, { a: 1, b: 2 }), remove('owned', key), put('owned', key, { a: 3 })]),
    ).toEqual([put('owned', key, { a: 3 })])
  })

  test('decimals add exactly, and columns in another order name the same row', () => {
    const sum = mergeChanges([
      add('shared', { id: 'x', day: '1' }, { amount: '0.1' }),
      add('shared', { day: '1', id: 'x' }, { amount: '0.2', count: 1 }),
    ])
    expect(sum).toEqual([add('shared', { id: 'x', day: '1' }, { amount: '0.3', count: 1 })])
  })

  test('adding to a row that a stream owns is a defect', () => {
    const key = { id: 1 }
    expect(() => mergeChanges([put('t', key, { a: 1 }), add('t', key, { a: 1 })])).toThrow(ContradictoryChanges)
    expect(() => mergeChanges([add('t', key, { a: 1 }), remove('t', key)])).toThrow(ContradictoryChanges)
  })

  test('integers that stop being exact are refused', () => {
    const most = add('t', { id: 1 }, { n: Number.MAX_SAFE_INTEGER })
    expect(() => mergeChanges([most, add('t', { id: 1 }, { n: 1 })])).toThrow(ContradictoryChanges)
  })
})
