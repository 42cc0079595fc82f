import type { Logger } from '../infra/log/logger.ts'

/** Where projectors tell what an operator must know. */
export type Log = Pick<Logger, 'warn' | 'error'>

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
