import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { describe, expect, test } from 'vitest'
import { decode, type Fault } from '../../../schemas/decode.ts'
import { event } from '../../../schemas/events/event.ts'
import { BrokenChain, upcaster, upcasting } from '../../../schemas/events/upcasting.ts'

/** An event that no aggregate has, in its third version: what changed is its unit, and then what it tells. */
const Reading1 = event('ReadingTaken', { fahrenheit: t.number })
const Reading2 = event('ReadingTaken', { kelvin: t.number }, 2)
const Reading3 = event('ReadingTaken', { kelvin: t.number, sensor: t.string }, 3)
const ReadingLost = event('ReadingLost', { reason: t.string })

const kelvinOf = (fahrenheit: number): number => ((fahrenheit + 459.67) * 5) / 9

const toKelvin = upcaster(Reading1, Reading2, ({ fahrenheit }) => ({ kelvin: kelvinOf(fahrenheit) }))
const withSensor = upcaster(Reading2, Reading3, ({ kelvin }) => ({ kelvin, sensor: 'unknown' }))

const tooFar = upcaster(Reading1, Reading3, ({ fahrenheit }) => ({ kelvin: kelvinOf(fahrenheit), sensor: 'unknown' }))

const Reading0 = event('ReadingTaken', {}, 0)
const fromNothing = upcaster(Reading0, Reading1, () => ({ fahrenheit: 32 }))

const ReadingEvent = upcasting('ReadingEvent', [Reading3, ReadingLost], [withSensor, toKelvin])

const taken = (schemaVersion: unknown, data: unknown) => ({ type: 'ReadingTaken', schemaVersion, data })
const faultsOf = (stored: unknown, codec: t.Decoder<unknown, unknown> = ReadingEvent): ReadonlyArray<Fault> => {
  const decoded = decode(codec, stored)
  return E.isLeft(decoded) ? decoded.left : []
}

describe('an event that was stored in an earlier version', () => {
  test('decodes as what its upcasters make of it, one version after the other', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (fahrenheit) => {
        const today = taken(3, { kelvin: kelvinOf(fahrenheit), sensor: 'unknown' })
        expect(decode(ReadingEvent, taken(1, { fahrenheit }))).toEqual(E.right(today))
        expect(decode(ReadingEvent, taken(2, { kelvin: kelvinOf(fahrenheit) }))).toEqual(E.right(today))
        expect(decode(ReadingEvent, today)).toEqual(E.right(today))
      }),
    )
  })

  test('stays as it is stored', () => {
    const stored = Object.freeze(taken(1, Object.freeze({ fahrenheit: 32 })))
    expect(decode(ReadingEvent, stored)).toMatchObject({ right: { schemaVersion: 3, data: { kelvin: 273.15 } } })
    expect(stored).toEqual(taken(1, { fahrenheit: 32 }))
  })

  test('is held to the shape of its own version, and every fault names its place', () => {
    expect(faultsOf(taken(1, { fahrenheit: 'hot' }))).toEqual([
      { pointer: '/data/fahrenheit', message: 'must be number' },
    ])
    expect(faultsOf(taken(1, { kelvin: 1, sensor: 'a' }))).toEqual([
      { pointer: '/data/fahrenheit', message: 'is required' },
    ])
    expect(faultsOf(taken(3, { kelvin: '1' }))).toEqual([
      { pointer: '/data/kelvin', message: 'must be number' },
      { pointer: '/data/sensor', message: 'is required' },
    ])
  })

  test('does not decode where its upcaster leads out of what the next version may be', () => {
    const Positive = t.refinement(t.number, (kelvin) => kelvin > 0, 'Positive')
    const Guarded = event('ReadingTaken', { kelvin: Positive }, 2)
    const codec = upcasting('Guarded', [Guarded], [upcaster(Reading1, Guarded, () => ({ kelvin: 0 }))])
    expect(faultsOf(taken(1, { fahrenheit: 1 }), codec)).toEqual([
      { pointer: '/data/kelvin', message: 'must be Positive' },
    ])
  })

  test('does not decode where its upcaster throws', () => {
    const careless = upcaster(Reading1, Reading2, () => {
      throw new RangeError('too cold')
    })
    const codec = upcasting('Careless', [Reading2], [careless])
    expect(faultsOf(taken(1, { fahrenheit: 1 }), codec)).toEqual([
      { pointer: '', message: 'cannot be upcast from ReadingTaken.v1 to ReadingTaken.v2: too cold' },
    ])
  })
})

describe('an event of no known version', () => {
  test.each([4, 0, -1, 1.5, Number.NaN])('%d does not decode, and the fault names type and version', (version) => {
    expect(faultsOf(taken(version, { kelvin: 1, sensor: 'a', fahrenheit: 1 }))).toEqual([
      { pointer: '/schemaVersion', message: `ReadingTaken has schema versions 1 to 3, not ${version}` },
    ])
  })

  test.each(['3', null, [1]])('%j does not decode', (version) => {
    expect(faultsOf(taken(version, { kelvin: 1, sensor: 'a' }))).toEqual([
      { pointer: '/schemaVersion', message: 'must be number' },
    ])
  })

  test('is told from one of an unknown type', () => {
    const unknown = { ...taken(1, {}), type: 'ReadingGuessed' }
    expect(faultsOf(unknown)).toEqual([{ pointer: '/type', message: 'ReadingGuessed is no ReadingEvent' }])
    expect(faultsOf({ ...unknown, type: 'constructor' })).toMatchObject([{ pointer: '/type' }])
  })

  test.each([null, undefined, 'ReadingTaken', 7, [], {}])('and what is no event, like %j, does not decode', (input) => {
    expect(E.isLeft(decode(ReadingEvent, input))).toBe(true)
  })
})

describe('a chain', () => {
  test.each([
    ['without its first upcaster', [Reading3], [withSensor]],
    ['without its last upcaster', [Reading3], [toKelvin]],
    ['without any upcaster', [Reading3], []],
    ['with two upcasters from one version', [Reading3], [toKelvin, toKelvin, withSensor]],
    ['with an upcaster that leads to no event of today', [Reading2], [toKelvin, withSensor]],
    ['with an upcaster that leaves a version out', [Reading3], [tooFar]],
    ['that begins at version 0', [Reading1], [fromNothing]],
    ['of an event that begins at version 0', [Reading0], []],
    ['of an event with a broken version', [event('ReadingTaken', {}, 1.5)], []],
    ['beside another event of the same type', [Reading1, Reading1], []],
  ])('%s does not load', (_, events, upcasters) => {
    expect(() => upcasting<(typeof events)[number]>('Broken', events, upcasters)).toThrow(BrokenChain)
  })

  test('of one version needs no upcaster', () => {
    expect(
      decode(upcasting('Lost', [ReadingLost]), { type: 'ReadingLost', schemaVersion: 1, data: { reason: 'x' } }),
    ).toEqual(E.right({ type: 'ReadingLost', schemaVersion: 1, data: { reason: 'x' } }))
  })
})

// No tests of this run but of `npm run check:types`, which fails when one of these compiles.
// @ts-expect-error an upcaster gives all that the next version asks for
upcaster(Reading2, Reading3, ({ kelvin }) => ({ kelvin }))
// @ts-expect-error an upcaster takes what the version before has
upcaster(Reading2, Reading3, ({ fahrenheit }) => ({ kelvin: fahrenheit, sensor: 'unknown' }))
// @ts-expect-error an upcaster leads to an event of the same type
upcaster(ReadingLost, Reading2, () => ({ kelvin: 0 }))
