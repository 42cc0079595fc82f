import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { rateMeter } from '../../../infra/feeds/rate.ts'

test('a steady rate is told as it is, once the window is full of it', () => {
  let now = 1_000_000
  const meter = rateMeter(() => now)
  for (; now < 1_060_000; now += 100) meter.count(30)
  expect([meter.perSecond(10), meter.perSecond(60)]).toEqual([300, 300])
})

test('the rate falls to zero when nothing is handled any more', () => {
  let now = 5_500
  const meter = rateMeter(() => now)
  meter.count(600)
  const told: Array<readonly [number, number]> = []
  for (const at of [5_999, 6_000, 15_999, 16_000, 65_999, 66_000]) {
    now = at
    told.push([meter.perSecond(10), meter.perSecond(60)])
  }
  expect(told).toEqual([
    [0, 0],
    [60, 10],
    [60, 10],
    [0, 10],
    [0, 10],
    [0, 0],
  ])
})

test('it is the count of the last whole seconds, whatever came when', () => {
  const steps = fc.array(fc.record({ ms: fc.nat(20_000), records: fc.nat(500) }), { maxLength: 40 })
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 60 }), (script, seconds) => {
      let now = 0
      const meter = rateMeter(() => now)
      const counted: Array<{ readonly at: number; readonly records: number }> = []
      for (const { ms, records } of script) {
        now += ms
        meter.count(records)
        counted.push({ at: now, records })
      }
      const end = Math.floor(now / 1_000) * 1_000
      const inWindow = counted.filter(({ at }) => at < end && at >= end - seconds * 1_000)
      expect(meter.perSecond(seconds)).toBe(inWindow.reduce((sum, { records }) => sum + records, 0) / seconds)
    }),
  )
})
