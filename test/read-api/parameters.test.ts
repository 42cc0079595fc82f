import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { AsOf, BusinessDay, checkPeriod, Limit, PeriodEnd, PeriodStart } from '../../read-api/parameters.ts'

test.each([
  ['1', 1],
  ['1000', 1000],
  ['007', 7],
])('a limit of %s is %d', (text, limit) => {
  expect(Limit.decode(text)).toEqual(E.right(limit))
})

test.each(['0', '1001', '-1', '1.5', '1e2', 'ten', '', ' 5', '0x10'])('a limit of "%s" is refused', (text) => {
  expect(E.isLeft(Limit.decode(text))).toBe(true)
})

describe('a period', () => {
  test('of days reaches from the first moment to the last', () => {
    expect(PeriodStart.decode('2011-06-30')).toEqual(E.right('2011-06-30T00:00:00.000Z'))
    expect(PeriodEnd.decode('2011-06-30')).toEqual(E.right('2011-06-30T23:59:59.999Z'))
  })

  test('of times is taken as it is, in UTC', () => {
    expect(PeriodStart.decode('2011-06-30T20:08:00+01:00')).toEqual(E.right('2011-06-30T19:08:00.000Z'))
    expect(PeriodEnd.decode('2011-06-30T20:08:00Z')).toEqual(E.right('2011-06-30T20:08:00.000Z'))
  })

  test('of business days takes the UTC day of a time', () => {
    expect(BusinessDay.decode('2011-06-30')).toEqual(E.right('2011-06-30'))
    expect(BusinessDay.decode('2011-07-01T00:30:00+01:00')).toEqual(E.right('2011-06-30'))
  })

  test.each(['2011-02-29', '2011-6-1', 'yesterday', ''])('does not take "%s"', (text) => {
    for (const codec of [PeriodStart, PeriodEnd, BusinessDay]) expect(E.isLeft(codec.decode(text))).toBe(true)
  })

  test('that ends before it starts is refused at its end', () => {
    expect(checkPeriod({ from: '2011-01-02', to: '2011-01-01' })).toMatchObject({
      left: { status: 400, code: 'invalid_parameters', errors: [{ pointer: '/query/to' }] },
    })
    expect(E.isRight(checkPeriod({ from: '2011-01-01', to: '2011-01-01' }))).toBe(true)
    expect(E.isRight(checkPeriod({ from: '2011-01-01' }))).toBe(true)
  })
})

test('asOf is a version or a time', () => {
  expect(AsOf.decode('3')).toEqual(E.right({ _tag: 'Version', version: 3 }))
  expect(AsOf.decode('2011-06-30T20:08:00Z')).toEqual(E.right({ _tag: 'Time', time: '2011-06-30T20:08:00.000Z' }))
  expect(E.isLeft(AsOf.decode('2011-06-30'))).toBe(true)
  expect(E.isLeft(AsOf.decode('-1'))).toBe(true)
})
