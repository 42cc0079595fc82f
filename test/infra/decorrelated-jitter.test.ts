import { expect, test } from 'vitest'
import { jitteredPauses } from '../../infra/decorrelated-jitter.ts'

test('pauses grow by chance up to the cap, and every series begins anew', async () => {
  const slept: number[] = []
  const pauses = jitteredPauses(
    { baseMs: 5, capMs: 100 },
    () => 0.5,
    async (milliseconds) => slept.push(milliseconds),
  )
  const pause = pauses()
  for (let nth = 0; nth < 8; nth += 1) await pause()
  expect(slept.slice(0, 3)).toEqual([10, 17.5, 28.75])
  expect(slept.at(-1)).toBe(100)
  await pauses()()
  expect(slept.at(-1)).toBe(10)
})
