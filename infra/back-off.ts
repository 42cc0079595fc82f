import { setTimeout as sleep } from 'node:timers/promises'

const FIRST_MS = 2
/** Some puts long: of 8, 16, 32 and 100 ms, eight processes on one stream got furthest with 16 and 32. */
const LONGEST_MS = 32

/**
 * Waits before another try after a lost race: a random time up to a bound that doubles ("full jitter", AWS Architecture Blog,
 * Exponential Backoff And Jitter), so that writers who collided once do not collide again.
 */
export const backOff = async (attempt: number): Promise<void> => {
  await sleep(Math.random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt))
}
