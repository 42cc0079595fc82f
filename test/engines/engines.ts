import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import type { TestEndpoints } from './endpoints.ts'

/** Engines that need Java: where they cannot start, a user's run goes without them (global-setup.ts says so), CI fails. */
const unlessWithoutJava = (name: 'dynamodbLocal' | 'opensearch'): string | null => {
  const endpoints = inject('endpoints')
  if (endpoints[name] !== null || process.env['CI'] === undefined) return endpoints[name]
  throw new Error(`${name} is not running: ${endpoints.why[name]}`)
}

const present = (name: keyof Omit<TestEndpoints, 'why'>): string => {
  const endpoints = inject('endpoints')
  const url = endpoints[name]
  if (url === null) throw new Error(`${name} is not running: ${endpoints.why[name]}`)
  return url
}

/** Both DynamoDB engines: dynoxide, which `npm start` uses, and Amazon's own; null only outside CI, where it cannot start. */
export const dynamodbEndpoints = (): { readonly dynoxide: string; readonly dynamodbLocal: string | null } => ({
  dynoxide: present('dynoxide'),
  dynamodbLocal: unlessWithoutJava('dynamodbLocal'),
})

/** Speaks HTTP/1 only: give its client a `NodeHttpHandler`. */
export const kinesisEndpoint = (): string => present('kinesis')

/** Null only outside CI, where it cannot start. */
export const opensearchUrl = (): string | null => unlessWithoutJava('opensearch')

/** A name nobody else uses, of a-z, 0-9 and '-': for tables, streams and index prefixes. */
export const freshName = (prefix: string): string => `${prefix}-${randomBytes(6).toString('hex')}`

const onServer = async (statement: string): Promise<void> => {
  const client = new pg.Client({ connectionString: present('postgres') })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

/** An empty database, and how to drop it (connections that are still open are ended). */
export const freshDatabase = async (): Promise<{ readonly url: string; readonly drop: () => Promise<void> }> => {
  const name = freshName('daybook').replaceAll('-', '_')
  await onServer(`CREATE DATABASE ${name}`)
  const url = new URL(present('postgres'))
  url.pathname = `/${name}`
  return { url: url.href, drop: () => onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) }
}
