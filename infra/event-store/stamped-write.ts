/** A stamp grew too old before its write was answered; the write may have landed. */
export class StampExpired extends Error {
  override readonly name = 'StampExpired'
}

export type StampedWrite = {
  /** Time of the id that the write carries, in milliseconds. */
  readonly stampedAt: number
  /** The writer's clock. */
  readonly clock: () => Date
  /** `TimeBounds.stampLife`. */
  readonly life: number
}

/** Where `whileFresh` belongs in a command's middleware: it looks before each sending, and so before each of the client's retries. */
export const AT_EACH_SENDING = { step: 'deserialize', priority: 'low', name: 'stampLife' } as const

/**
 * Middleware that looks at the clock before a write is sent. It is for a process that was suspended (a frozen Lambda, a laptop
 * asleep): it would wake up and send what it had stamped long ago.
 */
export const whileFresh =
  ({ stampedAt, clock, life }: StampedWrite) =>
  <Args, Answer>(next: (args: Args) => Promise<Answer>) =>
  async (args: Args): Promise<Answer> => {
    if (clock().getTime() - stampedAt > life) throw new StampExpired('not sent')
    return next(args)
  }

/** Cuts off what takes longer than a stamp lives; then, and when nothing was sent for its age, rejects with `StampExpired`. */
export const withinLife = async <A>(
  { stampedAt, clock, life }: StampedWrite,
  send: (abortSignal: AbortSignal) => Promise<A>,
): Promise<A> => {
  const cut = new AbortController()
  const age = Math.max(0, clock().getTime() - stampedAt)
  const timer = setTimeout(() => cut.abort(), Math.max(0, life - age))
  try {
    return await send(cut.signal)
  } catch (error) {
    throw error instanceof Error && error.name === 'AbortError'
      ? new StampExpired('not answered', { cause: error })
      : error
  } finally {
    clearTimeout(timer)
  }
}
