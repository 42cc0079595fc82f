import * as t from 'io-ts'
import { dynamoDbClient } from '../../../../infra/dynamodb-client.ts'
import type { Engine } from '../../../../infra/local/engines/engine.ts'
import { migrate } from '../../../../infra/postgres/migrate.ts'
import { ownerPool } from '../../../../infra/postgres/pool.ts'
import { inTransaction } from '../../../../infra/postgres/transaction.ts'
import type { Case } from '../../bench.ts'
import { startChild } from '../../child.ts'
import { copyIn, copyOut } from '../../copy.ts'
import { createDatabase } from '../../database.ts'
import { timed } from '../../stopwatch.ts'
import { bareScan } from './bare-scan.ts'
import { createBook, writeOrders } from './book.ts'

const REBUILDING = new URL('./rebuilding-process.ts', import.meta.url)

/** As package.json starts `daybook`. */
const FLAGS = ['--max-semi-space-size=8']

const SEGMENTS = 4

const Rebuilt = t.type({ events: t.number, rssMb: t.number })

type RebuildPostgres = {
  readonly name: string
  readonly dynamodb: Engine
  readonly postgres: Engine
  /** Events in the book, one a stream. */
  readonly count: number
  readonly rounds?: number
}

/**
 * Events a second from a book in DynamoDB to the view `sales` that serves, verification and switch included; beside it a scan whose items
 * nobody looks at, and `COPY` of exactly the rows that the rebuild left into a table with the same key.
 */
export const rebuildPostgres = ({ name, dynamodb, postgres, count, rounds }: RebuildPostgres): Case => ({
  name,
  unit: 'events/s',
  ...(rounds !== undefined && { rounds }),
  prepare: async (cleanUp) => {
    const table = `book-${name}`
    const client = dynamoDbClient(dynamodb.url)
    cleanUp.defer(async () => client.destroy())
    await createBook(client, table, false)
    await writeOrders(client, table, 0, count)
    const url = await createDatabase(postgres.url, name.replaceAll('-', '_'))
    await migrate(url)
    const pool = ownerPool(url, { max: 2 })
    cleanUp.defer(() => pool.end())
    await pool.query('CREATE TABLE bare_sales (LIKE sales INCLUDING ALL)')
    const child = await startChild(REBUILDING, [dynamodb.url, url, table], cleanUp, FLAGS)
    let rssMb: number | undefined
    const rebuild = async (): Promise<void> => {
      const rebuilt = await child({ size: count, segments: SEGMENTS })
      if (!Rebuilt.is(rebuilt) || rebuilt.events !== count) throw new Error(`the rebuild did not fold ${count} events`)
      rssMb = rebuilt.rssMb
    }
    const rows = () => inTransaction(pool, 'BEGIN', (connection) => copyOut(connection, 'SELECT * FROM sales'))
    return [
      { name: 'daybook', rssMb: () => rssMb, round: () => timed(count, rebuild) },
      {
        name: 'bare',
        round: async () => {
          const final = await rows()
          await pool.query('TRUNCATE bare_sales')
          return timed(count, async () => {
            if ((await bareScan(client, table, SEGMENTS)) !== count) throw new Error(`the book does not hold ${count}`)
            await inTransaction(pool, 'BEGIN', (connection) => copyIn(connection, 'bare_sales', final))
          })
        },
      },
    ]
  },
})
