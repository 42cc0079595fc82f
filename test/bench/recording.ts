import type { ClientBase, Pool, QueryConfig } from 'pg'
import { readOnce } from '../../infra/postgres/one-read.ts'
import { asReader } from '../../infra/postgres/reader.ts'
import type { ReadDeps } from '../../read-api/read-deps.ts'

/** A statement as it was given to `pg`. */
export type Statement = { readonly text: string; readonly values: Array<unknown> }

/** The same client, whose statements are written down before they run. */
const recorded = <C extends ClientBase>(client: C, record: (statement: Statement) => void): C =>
  new Proxy(client, {
    get: (target, property) => {
      if (property !== 'query') return Reflect.get(target, property)
      return (asked: string | QueryConfig, values: Array<unknown> = []) => {
        const statement = typeof asked === 'string' ? { text: asked, values } : asked
        record({ text: statement.text, values: statement.values ?? [] })
        return target.query(statement)
      }
    },
  })

const recordedPool = (pool: Pool, record: (statement: Statement) => void): Pool =>
  new Proxy(pool, {
    get: (target, property) =>
      property === 'connect' ? async () => recorded(await target.connect(), record) : Reflect.get(target, property),
  })

type Reads = Pick<ReadDeps, 'asReader' | 'readsOf'>

/** Reads as the read API does them. */
export const readsFrom = (pool: Pool): Reads => ({
  asReader: (tenant, work) => asReader(pool, tenant, work),
  readsOf: (tenant) => ({ query: (statement) => readOnce(pool, tenant, statement) }),
})

/** The same, written down; `queries` are what the API asks, `statements` counts also what opens and closes a transaction. */
export const recordingReads = (
  pool: Pool,
): {
  readonly reads: Reads
  readonly queries: ReadonlyArray<Statement>
  readonly statements: () => number
} => {
  const queries: Statement[] = []
  let sent = 0
  const watched = recordedPool(pool, () => {
    sent += 1
  })
  return {
    reads: {
      asReader: (tenant, work) =>
        asReader(watched, tenant, (client) => work(recorded(client, (statement) => queries.push(statement)))),
      readsOf: (tenant) => ({
        query: (statement) => {
          queries.push(statement)
          // Its own, and the one that opens it.
          sent += 2
          return readOnce(pool, tenant, statement)
        },
      }),
    },
    queries,
    statements: () => sent,
  }
}
