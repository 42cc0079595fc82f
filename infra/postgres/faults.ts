import { DatabaseError } from 'pg'

const codeOf = (error: unknown): string => (error instanceof DatabaseError && error.code) || ''

/** PostgreSQL, appendix A: 40001 serialization failure, 40P01 deadlock: the same transaction may succeed when tried again. */
export const isWorthRepeating = (error: unknown): boolean => ['40001', '40P01'].includes(codeOf(error))

/**
 * The values are at fault, so trying again will not help: class 22 (data exception), 23 (integrity constraint violation)
 * and 54 (program limit exceeded, as by a key too long for its index). Everything else, a missing table included, may be
 * mended without touching the data.
 */
export const isFaultOfValues = (error: unknown): boolean => /^(22|23|54)/.test(codeOf(error))
