import fc from 'fast-check'
import { encodeTime, isValid } from 'ulid'
import { expect, test } from 'vitest'
import { ulidBehind, ulidPrefix, ulidsInOrder, ulidTime } from '../../infra/ulids.ts'

const time = fc.integer({ min: 0, max: 2 ** 48 - 2 })
const randomPart = fc.string({
  unit: fc.constantFrom(...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'),
  minLength: 16,
  maxLength: 16,
})
const ulid = fc.tuple(time, randomPart).map(([at, random]) => encodeTime(at) + random)
/** Ids with little or no room behind them in their millisecond. */
const lastOfMillisecond = time.chain((at) =>
  fc
    .tuple(fc.nat({ max: 16 }), randomPart)
    .map(([end, random]) => encodeTime(at) + random.slice(end).padStart(16, 'Z')),
)

test('an id behind another is greater, and a ULID of the later of both times', () => {
  fc.assert(
    fc.property(fc.oneof(ulid, lastOfMillisecond), fc.oneof(ulid, lastOfMillisecond), (previous, fresh) => {
      const next = ulidBehind(previous, fresh)
      expect(next > previous).toBe(true)
      expect(isValid(next)).toBe(true)
      const later = Math.max(ulidTime(previous), ulidTime(fresh))
      expect(ulidTime(next) - later === 0 || (ulidTime(next) - later === 1 && previous >= fresh)).toBe(true)
      if (fresh > previous) expect(next).toBe(fresh)
    }),
  )
})

test('when the random part is used up, the next millisecond begins', () => {
  const fresh = '01BX5ZZKBJ0000000000000001'
  expect(ulidBehind('01BX5ZZKBKZZZZZZZZZZZZZZZZ', fresh)).toBe('01BX5ZZKBM0000000000000001')
  expect(ulidBehind('01BX5ZZKBKACTAV9WEVGEMMVRZ', fresh)).toMatch(/^01BX5ZZKBKACTAV9/)
})

test('ids behind neighbours do not meet, as the ids of one process in two streams are neighbours', () => {
  const [one, other] = ['01BX5ZZKBKACTAV9WEVGEMMVS0', '01BX5ZZKBKACTAV9WEVGEMMVS1']
  const [next, later] = ['01BX5ZZKBJACTAV9WEVGEMMVS0', '01BX5ZZKBJACTAV9WEVGEMMVS1']
  const behind = [one, other].flatMap((previous) => [next, later].map((fresh) => ulidBehind(previous, fresh)))
  expect(new Set([...behind, one, other]).size).toBe(6)
})

test('a prefix parts the ids of a time from all earlier ones', () => {
  fc.assert(
    fc.property(ulid, time, (id, at) => {
      expect(id > ulidPrefix(at)).toBe(ulidTime(id) >= at)
    }),
  )
})

test('ids of one process ascend, and follow a clock that was set back by more than a second', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 10_000, max: 20_000 }), { minLength: 2 }), (times) => {
      const next = ulidsInOrder()
      let previous = ''
      let latest = 0
      for (const at of times) {
        const id = next(at)
        expect(ulidTime(id)).toBe(latest - at > 1_000 ? at : Math.max(latest, at))
        if (latest - at <= 1_000) expect(id > previous).toBe(true)
        previous = id
        latest = ulidTime(id)
      }
    }),
  )
})
