import type { ClientBase, Pool } from 'pg'
import { asReader } from '../../infra/postgres/reader.ts'
import type { AsReader } from '../../read-api/read-deps.ts'

/** A statement as it was given to `pg`. */
export type Statement = { readonly text: string; readonly values: Array<unknown> }

/** The same client, whose statements are written down before they run. */
const recorded = <C extends ClientBase>(client: C, record: (statement: Statement) => void): C =>
  new Proxy(client, {
    get: (target, property) => {
      if (property !== 'query') return Reflect.get(target, property)
      return (text: string, values: Array<unknown> = []) => {
        record({ text, values })
        return target.query(text, values)
      }
    },
  })

const recordedPool = (pool: Pool, record: (statement: Statement) => void): Pool =>
  new Proxy(pool, {
    get: (target, property) =>
      property === 'connect' ? async () => recorded(await target.connect(), record) : Reflect.get(target, property),
  })

/** The reader of the read API; `queries` are what the API asks, `all` has also what opens and closes the transaction. */
export const recordingReader = (
  pool: Pool,
): {
  readonly asReader: AsReader
  readonly queries: ReadonlyArray<Statement>
  readonly all: ReadonlyArray<Statement>
} => {
  const queries: Statement[] = []
  const all: Statement[] = []
  const watched = recordedPool(pool, (statement) => all.push(statement))
  return {
    asReader: (tenant, work) =>
      asReader(watched, tenant, (client) => work(recorded(client, (statement) => queries.push(statement)))),
    queries,
    all,
  }
}
