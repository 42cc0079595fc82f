import { setTimeout as delay } from 'node:timers/promises'

const DEADLINE_MS = 60_000
const INTERVAL_MS = 50

/** Asks again and again until `question` answers something; a throw is no answer yet. Rejects after a minute. */
export const eventually = async <A>(what: string, question: () => A | null | Promise<A | null>): Promise<A> => {
  const giveUpAt = Date.now() + DEADLINE_MS
  for (;;) {
    const answer = await Promise.resolve()
      .then(question)
      .catch(() => null)
    if (answer !== null) return answer
    if (Date.now() > giveUpAt) throw new Error(`not within ${DEADLINE_MS / 1000} s: ${what}`)
    await delay(INTERVAL_MS)
  }
}

export const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Resolves when none of these processes is left. */
export const allGone = (pids: ReadonlyArray<number>): Promise<true> =>
  eventually(`processes ${pids.join(', ')} are gone`, () => (pids.some(isAlive) ? null : true))
