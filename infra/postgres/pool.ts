import { type ClientBase, type CustomTypesConfig, Pool, types } from 'pg'
import { PROJECTOR_ROLE, READER_ROLE } from './roles.ts'

export type PoolOptions = {
  /** Connections at most; default 4. */
  readonly max?: number
  /** Shown in `pg_stat_activity`. */
  readonly applicationName?: string
  /** An idle connection broke (the server went away); the pool replaces it by itself. */
  readonly onIdleError?: (error: Error) => void
}

const OID = { bigint: 20, date: 1082, timestamptz: 1184 } as const

const parseBigint = (text: string): number | string => {
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : text
}

const parseTimestamptz = (text: string): unknown => {
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
    connectionString: url,
    max: options.max ?? 4,
    application_name: options.applicationName ?? 'daybook',
    connectionTimeoutMillis: 5_000,
    types: valueTypes,
    pipeline: options.pipeline ?? false,
    ...(onConnect && { onConnect }),
  })
  // Without a listener an idle connection's error would end the process.
  pool.on('error', (error) => options.onIdleError?.(error))
  return pool
}

// SET rather than a start-up option: connection proxies refuse those.
const poolOfRole =
  (role: string, pipeline: boolean) =>
  (url: string, options: PoolOptions = {}): Pool =>
    openPool(url, { ...options, pipeline }, async (client) => {
      await client.query(`SET ROLE ${role}`)
    })

/** Connections of the URL's own user: the tables' owner, whom row-level security does not bind. For set-up and operations. */
export const ownerPool = (url: string, options: PoolOptions = {}): Pool => openPool(url, options)

/** Connections that act as `daybook_projector`: they write rows of every tenant, and nothing but views. */
export const projectorPool = poolOfRole(PROJECTOR_ROLE, false)

/** Connections that act as `daybook_reader`: they see no row until `asReader` names a tenant. Queries do not wait for one another. */
export const readerPool = poolOfRole(READER_ROLE, true)
