import { dynamoDbClient } from '../../../../infra/dynamodb-client.ts'
import type { Engine } from '../../../../infra/local/engines/engine.ts'
import { migrate } from '../../../../infra/postgres/migrate.ts'
import { ownerPool } from '../../../../infra/postgres/pool.ts'
import { inTransaction } from '../../../../infra/postgres/transaction.ts'
import type { Case } from '../../bench.ts'
import { createScanned, writeBook } from '../../book.ts'
import { copyIn, copyOut } from '../../copy.ts'
import { createDatabase } from '../../database.ts'
import { timed } from '../../stopwatch.ts'
import { bareScan } from './bare-scan.ts'
import { rebuilding, SEGMENTS } from './rebuilding.ts'

type RebuildPostgres = {
  readonly name: string
  readonly dynamodb: Engine
  /** Where dynoxide keeps its tables. */
  readonly databaseFile: string
  readonly postgres: Engine
  /** Events in the book, one a stream. */
  readonly count: number
  readonly rounds?: number
}

/**
 * Events a second from a book in DynamoDB to the view `sales` that serves, verification and switch included; beside it a scan whose items
 * nobody looks at, and `COPY` of exactly the rows that the rebuild left into a table with the same key.
 */
export const rebuildPostgres = ({ name, dynamodb, databaseFile, postgres, count, rounds }: RebuildPostgres): Case => ({
  name,
  unit: 'events/s',
  ...(rounds !== undefined && { rounds }),
  prepare: async (cleanUp) => {
    const table = `book-${name}`
    const client = dynamoDbClient(dynamodb.url)
    cleanUp.defer(async () => client.destroy())
    await createScanned(client, table, databaseFile)
    await writeBook({ client, table, tenant: 'bench' }, count)
    const url = await createDatabase(postgres.url, name.replaceAll('-', '_'))
    await migrate(url)
    const pool = ownerPool(url, { max: 2 })
    cleanUp.defer(() => pool.end())
    await pool.query('CREATE TABLE bare_sales (LIKE sales INCLUDING ALL)')
    const { rebuild, rssMb } = await rebuilding([dynamodb.url, url, table], count, cleanUp)
    const rows = () => inTransaction(pool, 'BEGIN', (connection) => copyOut(connection, 'SELECT * FROM sales'))
    return [
      { name: 'daybook', rssMb, round: () => timed(count, rebuild) },
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
