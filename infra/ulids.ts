import { createHash, randomInt } from 'node:crypto'
import { decodeTime, encodeTime, monotonicFactory, TIME_LEN, ulid } from 'ulid'

/**
 * From 0 to just below 1. The library's own source asks the system for each of an id's 16 characters, 35 µs an id; `randomInt`
 * draws on secure random bytes that were fetched ahead, 1 µs an id.
 */
const random = (): number => randomInt(2 ** 32) / 2 ** 32

/** A ULID of this moment. */
export const newUlid = (): string => ulid(undefined, random)

/** A clock that was set back by more than this, in milliseconds, is followed back; otherwise ids would stay in its future. */
const SET_BACK_MS = 1_000

/**
 * ULIDs of given times, in milliseconds: within this process each is greater than the one before. An id's time is the time
 * asked for, or up to a second later when the clock was set back.
 */
export const ulidsInOrder = (): ((time: number) => string) => {
  let next = monotonicFactory(random)
  let latest = 0
  return (time) => {
    if (latest - time > SET_BACK_MS) {
      next = monotonicFactory(random)
      latest = time
    }
    latest = Math.max(latest, time)
    return next(time)
  }
}

/** Milliseconds since the epoch. Throws on what is not a ULID. */
export const ulidTime = (id: string): number => decodeTime(id)

/** What ULIDs of `time` (milliseconds) begin with: greater than every ULID of an earlier time, smaller than all of `time`. */
export const ulidPrefix = (time: number): string => encodeTime(time)

/** Crockford's base 32, as ULIDs are written (ulid/spec). */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const RANDOM_BITS = 80n

const randomPart = (id: string): bigint =>
  [...id.slice(TIME_LEN)].reduce((value, digit) => value * 32n + BigInt(DIGITS.indexOf(digit)), 0n)

const writtenOut = (value: bigint): string =>
  Array.from({ length: 16 }, (_, place) => DIGITS[Number((value >> BigInt(5 * (15 - place))) & 31n)]).join('')

/** 1 to 2^48, unlike for every pair of ids. */
const stepOf = (previous: string, fresh: string): bigint =>
  1n + BigInt(`0x${createHash('sha256').update(previous).update(fresh).digest('hex').slice(0, 12)}`)

/**
 * `fresh` if it is greater than `previous`, else a ULID behind `previous`: in the same millisecond, or in the next one when its
 * random part is used up. The spec's step of one would meet the id that the writer of `previous` gave its next commit in
 * another stream, so the step is as good as random.
 */
export const ulidBehind = (previous: string, fresh: string): string => {
  if (fresh > previous) return fresh
  const time = decodeTime(previous)
  const next = randomPart(previous) + stepOf(previous, fresh)
  return next >> RANDOM_BITS === 0n ? encodeTime(time) + writtenOut(next) : encodeTime(time + 1) + fresh.slice(TIME_LEN)
}
