import { Failure } from './failure.ts'

/** npm passes on to us an interrupt that the terminal has sent us already: within this time two are one. */
const ONE_INTERRUPT_MS = 1_000

/** Ctrl-C aborts `stop`, so that what is under way can end in order; again, and the process ends at once. */
export const stopOnInterrupt = (stop: AbortController): void => {
  let first: number | undefined
  process.on('SIGINT', () => {
    const now = performance.now()
    first ??= now
    if (now - first > ONE_INTERRUPT_MS) process.exit(130)
    stop.abort(new Failure('interrupted; run the same command again to resume', 130))
  })
}
