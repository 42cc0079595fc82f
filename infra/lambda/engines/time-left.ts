import type { Context } from 'aws-lambda'

/** Milliseconds that it takes to leave things in order. */
const TO_END = 10_000

/** Aborts when a function has but a few seconds left. @param reason that it aborts with. */
export const beforeTheEnd = (
  { getRemainingTimeInMillis }: Pick<Context, 'getRemainingTimeInMillis'>,
  reason?: Error,
): AbortSignal => {
  const ending = new AbortController()
  setTimeout(() => ending.abort(reason), Math.max(0, getRemainingTimeInMillis() - TO_END)).unref()
  return ending.signal
}
