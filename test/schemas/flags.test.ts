import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { decode } from '../../schemas/decode.ts'
import { ALL_OFF, automaticInvoicingIn, FlagValues } from '../../schemas/flags.ts'

const tenant = fc.stringMatching(/^[a-z0-9-]{1,40}$/)
const tenants = fc.uniqueArray(tenant, { maxLength: 5 })
const afterHours = fc.double({ min: 0, max: 8_760, noNaN: true })
const on = fc.record(
  { enabled: fc.constant(true as const), since: fc.constant('2026-03-01T00:00:00.000Z'), afterHours, tenants },
  { requiredKeys: ['enabled', 'since', 'afterHours'] },
)
const since = '2026-03-01T00:00:00.000Z'

const faultsOf = (invoicing: unknown) => {
  const decoded = decode(FlagValues, { 'automatic-invoicing': invoicing })
  return E.isLeft(decoded) ? decoded.left : []
}

test('a flag that is on is read with its attributes', () => {
  fc.assert(
    fc.property(on, (invoicing) => {
      const values = { 'automatic-invoicing': invoicing }
      expect(decode(FlagValues, values)).toEqual(E.right(values))
    }),
  )
})

test('a flag that is off comes without attributes, and keeps none', () => {
  const off = { 'automatic-invoicing': { enabled: false } }
  expect(decode(FlagValues, off)).toEqual(E.right(off))
  expect(decode(FlagValues, { 'automatic-invoicing': { enabled: false, afterHours: 'whatever' } })).toEqual(
    E.right(off),
  )
})

test('flags that nobody knows are ignored, and what AppConfig adds of its own', () => {
  const added = {
    'automatic-invoicing': { enabled: true, since, afterHours: 1, _variant: 'default' },
    another: { enabled: true },
  }
  expect(decode(FlagValues, added)).toEqual(E.right({ 'automatic-invoicing': { enabled: true, since, afterHours: 1 } }))
})

test('a fault is named with its place', () => {
  const place = '/automatic-invoicing'
  const hours = { pointer: `${place}/afterHours`, message: 'must be a number of hours from 0 to 8760' }
  expect(faultsOf({ enabled: true })).toEqual([
    { pointer: `${place}/since`, message: 'is required' },
    { pointer: `${place}/afterHours`, message: 'is required' },
  ])
  for (const wrong of [-0.001, 8_760.001, Number.NaN, Number.POSITIVE_INFINITY, '24', null, true])
    expect(faultsOf({ enabled: true, since, afterHours: wrong })).toEqual([hours])
  expect(faultsOf({ enabled: true, since, afterHours: 1, tenants: ['acme', 'Acme Ltd'] })).toEqual([
    { pointer: `${place}/tenants/1`, message: 'must be 1 to 40 of a-z, 0-9 and "-"' },
  ])
  expect(faultsOf({ enabled: true, since, afterHours: 1, tenants: 'acme' })).toEqual([
    { pointer: `${place}/tenants`, message: 'must be a list of 0 to 25 items' },
  ])
  expect(faultsOf({ enabled: true, since, afterHours: 1, tenant: 'acme' })).toEqual([
    { pointer: `${place}/tenant`, message: 'is no attribute of this flag' },
  ])
  for (const wrong of [{}, { enabled: 'true' }, { enabled: null }])
    expect(faultsOf(wrong)).toEqual([{ pointer: place, message: 'must be a flag whose "enabled" is true or false' }])
  for (const wrong of [[], 'on', 1, null]) {
    expect(faultsOf(wrong)).toMatchObject([{ pointer: place }])
    expect(decode(FlagValues, wrong)).toEqual(E.left([{ pointer: '', message: 'must be an object of flags' }]))
  }
})

test('nobody but people makes invoices unless the flag is on', () => {
  fc.assert(
    fc.property(on, (invoicing) => {
      expect(automaticInvoicingIn({ 'automatic-invoicing': invoicing })).toEqual(invoicing)
    }),
  )
  expect(automaticInvoicingIn({ 'automatic-invoicing': { enabled: false } })).toBeUndefined()
  expect(automaticInvoicingIn(ALL_OFF)).toBeUndefined()
})
