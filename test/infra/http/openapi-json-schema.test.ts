import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { describe, expect, test } from 'vitest'
import { schemas, UndescribableCodec } from '../../../infra/http/json-schema.ts'
import { Line } from '../../../schemas/lines.ts'
import { Decimal, Money } from '../../../schemas/money.ts'
import { nullable } from '../../../schemas/nullable.ts'
import { Quantity, Sku, text } from '../../../schemas/text.ts'

const describedAlone = (codec: t.Mixed) => schemas().describe(codec)

describe('the JSON Schema of a codec', () => {
  test.each([
    [t.string, { type: 'string' }],
    [t.number, { type: 'number' }],
    [t.boolean, { type: 'boolean' }],
    [t.null, { type: 'null' }],
    [t.unknown, {}],
    [t.literal('GBP'), { const: 'GBP' }],
    [t.keyof({ placed: null, cancelled: null }), { type: 'string', enum: ['placed', 'cancelled'] }],
    [t.array(t.string), { type: 'array', items: { type: 'string' } }],
    [t.readonlyArray(t.string), { type: 'array', items: { type: 'string' } }],
    [nullable(t.string), { anyOf: [{ type: 'string' }, { type: 'null' }] }],
    [
      t.record(t.string, t.number),
      { type: 'object', propertyNames: { type: 'string' }, additionalProperties: { type: 'number' } },
    ],
  ])('%# is what it takes', (codec, schema) => {
    expect(describedAlone(codec)).toEqual(schema)
  })

  test('of an intersection of records is one object that requires what one of them requires', () => {
    const object = { type: 'object', properties: { a: { type: 'string' }, b: { type: 'number' } }, required: ['a'] }
    const parts = t.intersection([t.type({ a: t.string }), t.partial({ b: t.number })])
    expect(describedAlone(parts)).toEqual(object)
    expect(describedAlone(t.exact(parts))).toEqual(object)
    expect(describedAlone(t.readonly(t.intersection([t.strict({ a: t.string }), t.partial({ b: t.number })])))).toEqual(
      object,
    )
  })

  test('with a name of its own is a component, once', () => {
    const { describe: describeCodec, components } = schemas()
    expect(describeCodec(t.strict({ one: Money, other: nullable(Money) }))).toMatchObject({
      properties: {
        one: { $ref: '#/components/schemas/Money' },
        other: { anyOf: [{ $ref: '#/components/schemas/Money' }, { type: 'null' }] },
      },
    })
    expect(Object.keys(components())).toEqual(['Currency', 'Decimal', 'Money'])
    expect(components()['Money']).toEqual({
      type: 'object',
      properties: {
        amount: { $ref: '#/components/schemas/Decimal' },
        currency: { $ref: '#/components/schemas/Currency' },
      },
      required: ['amount', 'currency'],
    })
  })

  test.each([
    t.Int,
    t.undefined,
    t.void,
    t.tuple([t.string]),
    t.recursion('Tree', () => t.unknown),
    t.array(t.strict({ deep: nullable(t.bigint) })),
    new t.Type('Handmade', t.string.is, t.string.validate, t.identity),
  ])('%# cannot be told, and says so', (codec) => {
    expect(() => describedAlone(codec)).toThrow(UndescribableCodec)
  })

  test('cannot be told of two different codecs with one name', () => {
    const same = t.union([text(0, 5), text(0, 5)])
    expect(() => describedAlone(same)).not.toThrow()
    const different = t.union([t.strict({ a: t.string }, 'Thing'), t.strict({ a: t.number }, 'Thing')])
    expect(() => describedAlone(different)).toThrow('two different codecs are named Thing')
  })
})

test('a schema takes what its codec takes', () => {
  const { describe: describeCodec, components } = schemas()
  const Document = t.strict({ sku: Sku, quantity: Quantity, total: nullable(Decimal), lines: t.readonlyArray(Line) })
  const schema = describeCodec(Document)
  const accepts = new Ajv2020({ strict: true, keywords: ['components'] }).compile({
    ...schema,
    components: { schemas: components() },
  })
  const sku = fc.oneof(fc.constantFrom('85123A', 'a b', ' a', ''), fc.string({ maxLength: 3 }))
  const decimal = fc.constantFrom('1', '-1', '1.50', '01', '1e3', '.5', '0.000000000000000001', 1, null)
  const quantity = fc.oneof(fc.integer(), fc.constantFrom(0, 0.5, 1_000_000_000, '1'))
  const line = fc.record(
    { sku, description: fc.constantFrom('HEART', null, 5), quantity, unitPrice: decimal, more: fc.boolean() },
    { requiredKeys: ['sku'] },
  )
  const value = fc.record(
    { sku, quantity, total: decimal, lines: fc.array(line, { maxLength: 2 }) },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(value, (candidate) => {
      expect(accepts(candidate)).toBe(E.isRight(Document.decode(candidate)))
    }),
    { numRuns: 1_000 },
  )
})
