import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { Day, Instant, Month } from '../../schemas/time.ts'

const decoded = (input: unknown): string | undefined => E.getOrElseW(() => undefined)(Instant.decode(input))

test('a time decodes to UTC with milliseconds, whatever its offset', () => {
  expect(decoded('2011-06-30T20:08:00Z')).toBe('2011-06-30T20:08:00.000Z')
  expect(decoded('2011-07-01T01:08:00.1+05:00')).toBe('2011-06-30T20:08:00.100Z')
  expect(decoded('2012-02-29t00:00:00z')).toBe('2012-02-29T00:00:00.000Z')
})

test('any time from 1900 on decodes to itself once it is canonical', () => {
  const time = fc.date({
    min: new Date('1900-01-01T00:00:00Z'),
    max: new Date('9999-12-31T23:59:59Z'),
    noInvalidDate: true,
  })
  fc.assert(
    fc.property(time, (date) => {
      expect(decoded(date.toISOString())).toBe(date.toISOString())
    }),
  )
})

test('what is no time is refused, also where a lenient parser would roll it over', () => {
  for (const input of [
    '2011-02-29T00:00:00Z',
    '2011-02-30T00:00:00.000Z',
    '2011-13-01T00:00:00Z',
    '2011-06-31T00:00:00.000Z',
    '2011-06-30T24:00:00.000Z',
    '2011-06-30T25:00:00Z',
    '1899-12-31T23:59:59.000Z',
    '2011-06-30 20:08:00',
    '2011-06-30',
    '+012011-06-30T00:00Z',
    1309464480000,
    null,
  ]) {
    expect(decoded(input)).toBeUndefined()
  }
})

test('a day is a calendar day', () => {
  expect(E.isRight(Day.decode('2012-02-29'))).toBe(true)
  expect(E.isRight(Day.decode('2011-02-29'))).toBe(false)
  expect(E.isRight(Day.decode('2011-2-1'))).toBe(false)
})

test('a month is one of twelve', () => {
  expect(E.isRight(Month.decode('2011-12'))).toBe(true)
  for (const input of ['2011-13', '2011-00', '2011-1', '2011-12-01', '1899-12', 201112]) {
    expect(E.isRight(Month.decode(input))).toBe(false)
  }
})
