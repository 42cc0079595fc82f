import { type ClientBase, type CustomTypesConfig, escapeIdentifier, Pool, types } from 'pg'
import { connectionOf, type PasswordOf, userOf } from './connection.ts'
import { PROJECTOR_ROLE, READER_ROLE } from './roles.ts'

export type PoolOptions = {
  /** Connections at most; default 4. */
  readonly max?: number
  /** Shown in `pg_stat_activity`. */
  readonly applicationName?: string
  /** An idle connection broke (the server went away); the pool replaces it by itself. */
  readonly onIdleError?: (error: Error) => void
  /** Milliseconds to wait for a connection; default 5,000. */
  readonly connectMs?: number
  /** Gives the passwords of a URL that has none (connection.ts). */
  readonly passwordOf?: PasswordOf
}

const OID = { bigint: 20, date: 1082, timestamptz: 1184 } as const

const parseBigint = (text: string): number | string => {
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : text
}

/** How Postgres spells a time of a session in UTC, up to milliseconds: all but the last letters are there already. */
const SPELT_IN_UTC = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,3})?\+00$/

const parseTimestamptz = (text: string): unknown => {
  if (SPELT_IN_UTC.test(text)) return `${text.slice(0, 10)}T${text.slice(11, 19)}.${text.slice(20, -3).padEnd(3, '0')}Z`
  const time: unknown = types.getTypeParser(OID.timestamptz, 'text')(text)
  return time instanceof Date ? time.toISOString() : time
}

/**
 * How values come out: `numeric` as an exact decimal string, `bigint` as a number where that is exact (else a string),
 * `date` as `YYYY-MM-DD`, `timestamptz` as RFC 3339 UTC with milliseconds.
 */
const valueTypes: CustomTypesConfig = {
  getTypeParser: (oid, format) => {
    if (format === 'binary') return types.getTypeParser(oid, format)
    switch (Number(oid)) {
      case OID.bigint:
        return parseBigint
      case OID.date:
        return (text: string) => text
      case OID.timestamptz:
        return parseTimestamptz
      default:
        return types.getTypeParser(oid, 'text')
    }
  },
}

const openPool = (
  url: string,
  options: PoolOptions & { readonly pipeline?: boolean },
  onConnect?: (client: ClientBase) => Promise<void>,
): Pool => {
  const pool = new Pool({
    ...connectionOf(url, options.passwordOf),
    max: options.max ?? 4,
    application_name: options.applicationName ?? 'daybook',
    connectionTimeoutMillis: options.connectMs ?? 5_000,
    types: valueTypes,
    pipeline: options.pipeline ?? false,
    ...(onConnect && { onConnect }),
  })
  // Without listeners a connection that breaks would end the process: while it is idle, and between two statements of a
  // transaction, whose next statement fails anyway.
  pool.on('error', (error) => options.onIdleError?.(error))
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

// Statements that stay prepared are planned for their values all the same: which index serves a list depends on the filters that are
// given. SET rather than a start-up option: connection proxies refuse those, and RDS Proxy keeps a connection for whoever sends SET. So
// nothing is sent by a user who is the role itself, for whom `login-roles.ts` has set it.
const poolOfRole =
  (role: string, pipeline: boolean) =>
  (url: string, options: PoolOptions = {}): Pool =>
    openPool(
      url,
      { ...options, pipeline },
      userOf(url) === role
        ? undefined
        : async (client) => {
            await client.query(`SET ROLE ${role}; SET plan_cache_mode = force_custom_plan`)
          },
    )

/**
 * Connections of the URL's own user: the tables' owner, whom row-level security does not bind. For set-up and operations.
 * `schema`: names without a schema are looked for in there first.
 */
export const ownerPool = (url: string, options: PoolOptions & { readonly schema?: string } = {}): Pool => {
  const { schema } = options
  if (schema === undefined) return openPool(url, options)
  return openPool(url, options, async (client) => {
    await client.query(`SET search_path TO ${escapeIdentifier(schema)}, public`)
  })
}

/** Connections that act as `daybook_projector`: they write rows of every tenant, and nothing but views. */
export const projectorPool = poolOfRole(PROJECTOR_ROLE, false)

/** Connections that act as `daybook_reader`: they see no row until `asReader` names a tenant. Queries do not wait for one another. */
export const readerPool = poolOfRole(READER_ROLE, true)
