import type { Logger } from '../../log/logger.ts'
import { iamPassword } from '../../postgres/iam-password.ts'
import type { PoolOptions } from '../../postgres/pool.ts'

/** An instance of a function deals with one event at a time; an API's user waits for a connection no longer than two seconds. */
export const connections = (log: Logger): PoolOptions => ({
  max: 2,
  applicationName: process.env['AWS_LAMBDA_FUNCTION_NAME'] ?? 'daybook',
  connectMs: 2_000,
  passwordOf: iamPassword,
  onIdleError: (error) => log.warn('a Postgres connection broke', { error }),
})
