import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import type { TestEndpoints } from './endpoints.ts'

/** A missing engine fails the suite that asks for it, loudly, unless the run says that it goes without Java. */
const orExplicitlyWithout = (name: 'dynamodbLocal' | 'opensearch'): string | null => {
  const endpoints = inject('endpoints')
  if (endpoints[name] !== null) return endpoints[name]
  if (process.env['DAYBOOK_WITHOUT_JAVA'] === '1' && process.env['CI'] === undefined) return null
  throw new Error(`${name} is not running (${endpoints.why[name]}); DAYBOOK_WITHOUT_JAVA=1 runs the suites without it`)
}

const present = (name: keyof Omit<TestEndpoints, 'why'>): string => {
  const endpoints = inject('endpoints')
  const url = endpoints[name]
  if (url === null) throw new Error(`${name} is not running: ${endpoints.why[name]}`)
  return url
}

/** Both DynamoDB engines: dynoxide, which `npm start` uses, and Amazon's own; null only where Java is explicitly left out. */
export const dynamodbEndpoints = (): { readonly dynoxide: string; readonly dynamodbLocal: string | null } => ({
  dynoxide: present('dynoxide'),
  dynamodbLocal: orExplicitlyWithout('dynamodbLocal'),
})

/** Speaks HTTP/1 only: give its client a `NodeHttpHandler`. */
export const kinesisEndpoint = (): string => present('kinesis')

/** Null only where Java is explicitly left out. */
export const opensearchUrl = (): string | null => orExplicitlyWithout('opensearch')

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
