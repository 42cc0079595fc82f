import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { expect, test } from 'vitest'
import { decode } from '../../schemas/decode.ts'
import { Money } from '../../schemas/money.ts'
import { nullable } from '../../schemas/nullable.ts'
import { strict } from '../../schemas/strict.ts'
import { ClientId } from '../../schemas/text.ts'

const inner = { id: ClientId, customer: nullable(ClientId) }
const outer = { price: Money, anything: t.unknown, kind: t.literal('one') }
const Ours = t.union([strict({ ...outer, lines: t.readonlyArray(strict(inner)) }), strict({ kind: t.literal('two') })])
const Theirs = t.union([
  t.strict({ ...outer, lines: t.readonlyArray(t.strict(inner)) }),
  t.strict({ kind: t.literal('two') }),
])

const text = fc.constantFrom('O 1', ' no', '', 'x')
const cell = fc.oneof(text, fc.constant(null), fc.constant(undefined), fc.integer())
const line = fc.oneof(
  { weight: 9, arbitrary: fc.record({ id: text, customer: cell, more: cell }, { requiredKeys: [] }) },
  { weight: 1, arbitrary: cell },
)
const amount = fc.constantFrom('1.50', '1.5', 'x', 1)
const value = fc.oneof(
  fc.record(
    {
      price: fc.record({ amount, currency: fc.constantFrom('GBP', 'XYZ') }),
      anything: cell,
      kind: fc.constantFrom('one', 'one', 'two', 'three'),
      lines: fc.array(line, { maxLength: 3 }),
      more: cell,
    },
    { requiredKeys: ['kind'] },
  ),
  cell,
  fc.constant([]),
)

test('what decodes, decodes to the same as with t.strict, and what does not is faulted in the same places', () => {
  let decoded = 0
  fc.assert(
    fc.property(value, (input) => {
      const [ours, theirs] = [decode(Ours, input), decode(Theirs, input)]
      expect(ours).toEqual(theirs)
      expect(Ours.is(input)).toBe(Theirs.is(input))
      if (E.isRight(ours)) decoded += 1
    }),
    { numRuns: 2_000 },
  )
  expect(decoded).toBeGreaterThan(20)
})
