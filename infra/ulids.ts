import { randomInt } from 'node:crypto'
import { monotonicFactory, ulid } from 'ulid'

/**
 * From 0 to just below 1. The library's own source asks the system for each of an id's 16 characters, 35 µs an id; `randomInt`
 * draws on secure random bytes that were fetched ahead, 1 µs an id.
 */
const random = (): number => randomInt(2 ** 32) / 2 ** 32

/** A ULID of this moment. */
export const newUlid = (): string => ulid(undefined, random)

/** ULIDs of given times, in milliseconds, that never go back within this process. */
export const ulidsInOrder = (): ((time: number) => string) => {
  const next = monotonicFactory(random)
  return (time) => next(time)
}
