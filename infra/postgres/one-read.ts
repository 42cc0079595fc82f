import { type Connection, type Pool, type PoolClient, Query } from 'pg'
import { BE_READER, readerSettings } from './reader-settings.ts'
import type { Statement } from './statement.ts'

type Answer = { readonly rows: ReadonlyArray<object> }

/** Not the name that `pg` itself prepares it under for `asReader`: each keeps its own account of what is prepared. */
const OPENING = 'daybook_open_read'

/** Connections that hold the opening statement prepared. */
const opened = new WeakSet<Connection>()

const open = (connection: Connection, tenant: string): void => {
  if (!opened.has(connection)) {
    connection.parse({ name: OPENING, text: BE_READER, types: [] }, true)
    opened.add(connection)
  }
  connection.bind({ statement: OPENING, values: readerSettings(tenant) }, true)
  connection.execute({}, true)
}

/** A method of `Query` that its published types leave out (pg 8.23.1); another version may lack it. */
const methodOf = (query: Query, name: string): ((...parameters: ReadonlyArray<unknown>) => unknown) => {
  const method: unknown = Reflect.get(query, name)
  if (typeof method !== 'function') throw new TypeError(`this version of pg has no Query.${name}`)
  return (...parameters) => Reflect.apply(method, query, parameters)
}

/**
 * The statement, and before it the one that makes the connection a tenant's reader, up to one Sync: PostgreSQL takes both as one
 * implicit transaction ("Message Flow", Pipelining), so the settings end with the answer as they would behind a COMMIT. `pg` has
 * no call for that; its own `Query` writes the statement and reads its answer, once that of the opening is taken away.
 */
const behindOpening = (query: Query, tenant: string): Query => {
  const [prepare, handleDataRow, handleCommandComplete] = [
    methodOf(query, 'prepare'),
    methodOf(query, 'handleDataRow'),
    methodOf(query, 'handleCommandComplete'),
  ]
  let opening = true
  return Object.assign(query, {
    prepare: (connection: Connection) => {
      open(connection, tenant)
      prepare(connection)
    },
    handleDataRow: (message: unknown) => {
      if (!opening) handleDataRow(message)
    },
    handleCommandComplete: (message: unknown, connection: Connection) => {
      if (opening) opening = false
      else handleCommandComplete(message, connection)
    },
  })
}

const ask = (client: PoolClient, tenant: string, { name, text, values }: Statement): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const query = new Query({ name, text, values }, (error, result) => (error ? reject(error) : resolve(result)))
    client.query(behindOpening(query, tenant))
  })

/**
 * Asks one statement as `daybook_reader` of a tenant, in one round trip: it sees one snapshot, and row-level security hides every
 * row of other tenants. For several statements that must see the same snapshot there is `asReader`.
 */
export const readOnce = async (pool: Pool, tenant: string, statement: Statement): Promise<Answer> => {
  const client = await pool.connect()
  try {
    const answer = await ask(client, tenant, statement)
    client.release()
    return answer
  } catch (error) {
    // Whether the opening statement is still prepared there is not known: the connection is not used again.
    client.release(true)
    throw error
  }
}
