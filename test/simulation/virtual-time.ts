import { vi } from 'vitest'

/** Time that passes only when it is told to. */
export type VirtualTime = {
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Goes on to the timer that is due next and fires it; does nothing when there is none. */
  readonly pass: () => void
  /** Gives this process its own time back. */
  readonly end: () => void
}

type Timer = { readonly due: number; readonly fire: () => void }

const START = Date.UTC(2026, 2, 1)

const forbidden = (what: string) => (): never => {
  throw new Error(`${what} is not replayable: a simulation draws on its seed alone`)
}

/**
 * Puts itself in the place of this process's timers and of `Date.now`, and forbids `Math.random`, until its end.
 * Nothing but microtasks may run meanwhile, or somebody else would meet this time.
 */
export const virtualTime = (): VirtualTime => {
  const timers = new Map<number, Timer>()
  let now = START
  let made = 0
  const set = (fire: () => void, ms: number): number => {
    made += 1
    timers.set(made, { due: now + ms, fire })
    return made
  }
  vi.stubGlobal('setTimeout', set)
  vi.stubGlobal('clearTimeout', (id: number) => timers.delete(id))
  const spies = [
    vi.spyOn(Date, 'now').mockImplementation(() => now),
    vi.spyOn(Math, 'random').mockImplementation(forbidden('Math.random')),
  ]
  return {
    now: () => now,
    pass: () => {
      const [first, ...others] = timers
      if (first === undefined) return
      const [id, { due, fire }] = others.reduce((next, other) => (other[1].due < next[1].due ? other : next), first)
      timers.delete(id)
      now = Math.max(now, due)
      fire()
    },
    end: () => {
      vi.unstubAllGlobals()
      for (const spy of spies) spy.mockRestore()
    },
  }
}
