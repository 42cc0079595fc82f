import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb'
import { jittered, type PauseBounds } from './decorrelated-jitter.ts'

type Strategy = Extract<Awaited<Exclude<DynamoDBClientConfig['retryStrategy'], undefined>>, { recordSuccess: unknown }>
type Token = Awaited<ReturnType<Strategy['acquireInitialRetryToken']>>

export type RetryBounds = PauseBounds & {
  /** Requests in all, the first among them. */
  readonly attempts: number
}

/** A request that never gets through is given up after about two seconds of pauses. */
export const RETRY_BOUNDS: RetryBounds = { attempts: 6, baseMs: 20, capMs: 1_000 }

const tokenOf = (retries: number, delay: number): Token => ({
  getRetryCount: () => retries,
  getRetryDelay: () => delay,
})

/**
 * Retries what may go through by itself: throttling, connections that break, time-outs, errors of the server. Never what the
 * request itself is refused for (a condition that does not hold, a cancelled transaction, a validation error).
 * @param random from 0 to just below 1.
 */
export const retries = ({ attempts, ...bounds }: RetryBounds, random: () => number): Strategy => ({
  acquireInitialRetryToken: async () => tokenOf(0, 0),
  refreshRetryTokenForRetry: async (token, { error, errorType }) => {
    const count = token.getRetryCount() + 1
    if (errorType === 'CLIENT_ERROR' || count >= attempts) throw error ?? new Error('not to be retried')
    return tokenOf(count, jittered(bounds, token.getRetryDelay(), random))
  },
  recordSuccess: () => {},
})
