import { expect, test } from 'vitest'
import { bell, delayOf } from '../../../infra/feeds/bell.ts'

const HOUR = 3_600_000
const { signal } = new AbortController()

test('a ring ends the wait', async () => {
  const { ring, wait } = bell()
  const waiting = wait(HOUR, signal)
  ring()
  expect(await waiting).toBe(true)
})

test('a ring while nobody waits ends the next wait, and only that one', async () => {
  const { ring, wait } = bell()
  ring()
  expect(await wait(HOUR, signal)).toBe(true)
  expect(await wait(1, signal)).toBe(false)
})

test('an abort ends the wait, before it as well as during it', async () => {
  const stopping = new AbortController()
  const waiting = bell().wait(HOUR, stopping.signal)
  stopping.abort()
  expect(await waiting).toBe(false)
  expect(await bell().wait(HOUR, stopping.signal)).toBe(false)
})

test('delays double up to their maximum', () => {
  const backoff = { initialMs: 100, maximumMs: 10_000 }
  expect([1, 2, 3, 7, 8, 100, 100_000].map((failures) => delayOf(backoff, failures))).toEqual([
    100, 200, 400, 6_400, 10_000, 10_000, 10_000,
  ])
})
