/** Holds a rebuild back, so that it takes no more of the event table than it may. */
export type Pace = {
  /** Items a page, at most, where a full page would be too much at once. */
  readonly pageSize?: number
  /** Resolves when so many more items may be read. */
  readonly passed: (items: number) => Promise<void>
}

/** As fast as it goes. */
export const unpaced: Pace = { passed: async () => {} }

type Timing = { readonly now: () => number; readonly sleep: (milliseconds: number) => Promise<unknown> }

/** @param perSecond items that may be read, over all segments. `now` in milliseconds. */
export const pacedAt = (perSecond: number, { now, sleep }: Timing): Pace => {
  let free = now()
  return {
    pageSize: Math.max(1, Math.min(1_000, Math.ceil(perSecond / 4))),
    passed: async (items) => {
      free = Math.max(free, now()) + (items / perSecond) * 1_000
      const wait = free - now()
      if (wait > 0) await sleep(wait)
    },
  }
}
