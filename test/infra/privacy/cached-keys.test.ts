import { expect, test } from 'vitest'
import { cachedKeys } from '../../../infra/privacy/cached-keys.ts'
import { memorySubjectKeys } from '../../../infra/privacy/memory.ts'

const BOUNDS = { openMs: 2_000, sealMs: 60_000, keys: 3 }

/** Two processes on the same keys, one of them with a cache; how often it asked, and its clock. */
const cachedProcess = () => {
  const keys = memorySubjectKeys()
  const time = { now: 0, asked: 0 }
  const counting = {
    ...keys,
    keyOf: (tenant: string, subject: string) => {
      time.asked += 1
      return keys.keyOf(tenant, subject)
    },
    byId: (ids: ReadonlyArray<string>) => {
      time.asked += 1
      return keys.byId(ids)
    },
  }
  return { keys, cached: cachedKeys(counting, () => time.now, BOUNDS), time }
}

test('a key is asked for once, by whoever needs it at the same time, too', async () => {
  const { cached, time } = cachedProcess()
  const [one, other] = await Promise.all([cached.keyOf('acme', 'a'), cached.keyOf('acme', 'a')])
  expect(one).toBe(other)
  await cached.byId([one.keyId])
  expect(time.asked).toBe(1)
  time.now = BOUNDS.openMs
  await cached.byId([one.keyId])
  await cached.byId([one.keyId])
  expect(time.asked).toBe(2)
})

test('what another process destroyed opens no longer once its time is over', async () => {
  const { keys, cached, time } = cachedProcess()
  const { keyId } = await cached.keyOf('acme', 'a')
  const tag = async () => (await cached.byId([keyId])).get(keyId)?._tag
  expect(await tag()).toBe('Live')
  await keys.destroy('acme', 'a', '2026-03-01T12:00:00.000Z')
  time.now = BOUNDS.openMs - 1
  expect(await tag()).toBe('Live')
  time.now = BOUNDS.openMs
  expect(await tag()).toBe('Destroyed')
})

test('the time of a key begins before the question, not with its answer', async () => {
  const keys = memorySubjectKeys()
  const { keyId } = await keys.keyOf('acme', 'a')
  const time = { now: 0 }
  const slow = {
    ...keys,
    byId: async (ids: ReadonlyArray<string>) => {
      const answer = await keys.byId(ids)
      time.now += BOUNDS.openMs
      return answer
    },
  }
  const cached = cachedKeys(slow, () => time.now, BOUNDS)
  await cached.byId([keyId])
  await keys.destroy('acme', 'a', '2026-03-01T12:00:00.000Z')
  expect((await cached.byId([keyId])).get(keyId)?._tag).toBe('Destroyed')
})

test('whoever destroys a key has done with it at once', async () => {
  const { cached } = cachedProcess()
  const { keyId } = await cached.keyOf('acme', 'a')
  await cached.byId([keyId])
  await cached.destroy('acme', 'a', '2026-03-01T12:00:00.000Z')
  expect((await cached.byId([keyId])).get(keyId)?._tag).toBe('Destroyed')
  expect((await cached.keyOf('acme', 'a'))._tag).toBe('Destroyed')
})

test('no more keys are kept than there is room for', async () => {
  const { cached, time } = cachedProcess()
  for (const subject of ['a', 'b', 'c', 'd', 'd', 'a']) await cached.keyOf('acme', subject)
  expect(time.asked).toBe(5)
})

test('a question that failed is asked again', async () => {
  const keys = memorySubjectKeys()
  let away = true
  const cached = cachedKeys(
    { ...keys, keyOf: (...of) => (away ? Promise.reject(new Error('away')) : keys.keyOf(...of)) },
    () => 0,
    BOUNDS,
  )
  await expect(cached.keyOf('acme', 'a')).rejects.toThrow('away')
  away = false
  expect((await cached.keyOf('acme', 'a'))._tag).toBe('Live')
})
