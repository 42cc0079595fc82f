/** Shortest and longest pause, in milliseconds. */
export type PauseBounds = { readonly baseMs: number; readonly capMs: number }

/**
 * A pause with decorrelated jitter: from the base to three times the pause before, at random, up to the cap (AWS Architecture
 * Blog, "Exponential Backoff And Jitter"). Whoever collided once spreads out.
 * @param before the pause before, 0 for the first.
 * @param random from 0 to just below 1.
 */
export const jittered = ({ baseMs, capMs }: PauseBounds, before: number, random: () => number): number =>
  Math.min(capMs, baseMs + random() * (3 * Math.max(baseMs, before) - baseMs))

/** Begins a series of pauses, for one piece of work that is tried again and again. */
export type Pauses = () => () => Promise<unknown>

export const jitteredPauses =
  (bounds: PauseBounds, random: () => number, sleep: (milliseconds: number) => Promise<unknown>): Pauses =>
  () => {
    let pause = 0
    return () => {
      pause = jittered(bounds, pause, random)
      return sleep(pause)
    }
  }
