import { InvalidArgumentError } from 'commander'
import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import { decode } from '../../schemas/decode.ts'
import { AfterHours, Tenants } from '../../schemas/flags.ts'
import { Currency } from '../../schemas/money.ts'
import { ROLES, Role } from '../../schemas/role.ts'
import { ClientId, Reason, Tenant, text } from '../../schemas/text.ts'
import { Instant } from '../../schemas/time.ts'

/** Options that every command takes. */
export type GlobalOptions = {
  readonly dataDir: string
  /** A stage on AWS, instead of an instance on this machine. */
  readonly stage?: string
  readonly url?: string
  readonly token?: string
  readonly json: boolean
}

const parsedBy =
  <A>(codec: t.Decoder<unknown, A>) =>
  (value: unknown): A => {
    const decoded = decode(codec, value)
    if (E.isRight(decoded)) return decoded.right
    throw new InvalidArgumentError(`It ${decoded.left.map(({ message }) => message).join('; ')}.`)
  }

export const parseTenant = parsedBy(Tenant)
export const parseCurrency = parsedBy(Currency)
export const parseSubject = parsedBy(text(1, 128))
export const parseClient = parsedBy(text(1, 128))
export const parseClientId = parsedBy(ClientId)
export const parseReason = parsedBy(Reason)

/** One more tenant of an option that is repeated. */
export const parseTenants = (value: string, others: ReadonlyArray<string> = []): ReadonlyArray<string> =>
  parsedBy(Tenants)([...new Set([...others, value])])

/** Hours, fractions allowed, from their digits. */
export const parseHours = (value: string): number => parsedBy(AfterHours)(value.trim() === '' ? value : Number(value))

export const parseRoles = (value: string): ReadonlyArray<Role> =>
  value.split(',').map((part) => {
    const role = part.trim()
    if (Role.is(role)) return role
    throw new InvalidArgumentError(`"${role}" is not one of ${ROLES.join(', ')}.`)
  })

const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const
const LONGEST_TTL_SECONDS = 365 * SECONDS.d

/** `30s`, `15m`, `1h` or `7d` in seconds: at least one second, at most a year. */
export const parseTtl = (value: string): number => {
  const [, count = '', unit = ''] = /^(\d{1,9})([smhd])$/.exec(value) ?? []
  const seconds = unit === 's' || unit === 'm' || unit === 'h' || unit === 'd' ? Number(count) * SECONDS[unit] : 0
  if (seconds >= 1 && seconds <= LONGEST_TTL_SECONDS) return seconds
  throw new InvalidArgumentError('It must be a time like 30s, 15m, 1h or 7d, at most 365d.')
}

export const parseStage = (value: string): string => {
  if (/^[a-z][a-z0-9-]{0,31}$/.test(value)) return value
  throw new InvalidArgumentError('It must be the name of a stage, like dev or production.')
}

/** Base URL without a slash at its end. */
export const parseUrl = (value: string): string => {
  const url = URL.parse(value)
  if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:')) return url.href.replace(/\/+$/, '')
  throw new InvalidArgumentError('It must be an http or https URL.')
}

const MOST_CONCURRENT_REQUESTS = 256

export const parseConcurrency = (value: string): number => {
  const count = /^\d{1,3}$/.test(value) ? Number(value) : 0
  if (count >= 1 && count <= MOST_CONCURRENT_REQUESTS) return count
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${MOST_CONCURRENT_REQUESTS}.`)
}

export const parseStream = (value: string): { readonly type: string; readonly id: string } => {
  const [, type, id] = /^([a-z-]+)\/([^#/]+)$/.exec(value) ?? []
  if (type !== undefined && id !== undefined) return { type, id }
  throw new InvalidArgumentError('It must name a stream as TYPE/ID, like order/536365.')
}

/** Of an event in its stream. */
export const parseVersion = (value: string): number => {
  const version = /^\d{1,15}$/.test(value) ? Number(value) : 0
  if (version >= 1) return version
  throw new InvalidArgumentError('It must be a version: a whole number from 1 on.')
}

export const parseMoment = (value: string): Date => {
  const instant = decode(Instant, value)
  if (E.isRight(instant)) return new Date(instant.right)
  throw new InvalidArgumentError('It must be a time like 2011-03-01T00:00:00Z.')
}
