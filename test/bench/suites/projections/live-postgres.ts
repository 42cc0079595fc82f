import { escapeIdentifier, escapeLiteral } from 'pg'
import { inTransaction } from '../../../../infra/postgres/transaction.ts'
import { checkpointTableOf } from '../../../../infra/views/checkpoint-table.ts'
import { postgresProjections } from '../../../../projections/registry.ts'
import type { Case } from '../../bench.ts'
import { writeBook } from '../../book.ts'
import { copyIn, copyOut } from '../../copy.ts'
import { timed } from '../../stopwatch.ts'
import { type Engines, following } from './following.ts'

const TABLES = postgresProjections.flatMap(({ name, tables }) => [
  checkpointTableOf(name),
  ...tables.map((table) => table.name),
])

const bareOf = (table: string): string => escapeIdentifier(`bare_${table}`)

/**
 * Events a second that wait in the table's stream, through the feed and the projector, into all views; beside it the same stream
 * read, and `COPY` of exactly the rows that the projector left.
 */
export const livePostgres = (engines: Engines, count: number): Case => ({
  name: 'live-postgres',
  unit: 'events/s',
  prepare: async (cleanUp) => {
    const { client, table, owner, follow } = await following(engines, 'live-postgres', cleanUp)
    for (const name of TABLES) {
      await owner.query(`CREATE TABLE ${bareOf(name)} (LIKE ${escapeIdentifier(name)} INCLUDING ALL)`)
    }
    let round = 0
    let rssMb: number | undefined
    return [
      {
        name: 'daybook',
        rssMb: () => rssMb,
        round: async () => {
          round += 1
          await writeBook({ client, table, tenant: `round-${round}` }, count)
          return timed(count, async () => {
            rssMb = (await follow('project', count)).rssMb
          })
        },
      },
      {
        // Second in every turn: it reads the events, and copies the rows, of the round before.
        name: 'bare',
        round: async () => {
          const rows = new Map<string, Buffer>()
          await inTransaction(owner, 'BEGIN', async (connection) => {
            for (const name of TABLES) {
              const own = `SELECT * FROM ${escapeIdentifier(name)} WHERE tenant = ${escapeLiteral(`round-${round}`)}`
              rows.set(name, await copyOut(connection, own))
            }
          })
          return timed(count, async () => {
            await follow('read', count)
            await inTransaction(owner, 'BEGIN', async (connection) => {
              for (const [name, bytes] of rows) await copyIn(connection, bareOf(name), bytes)
            })
          })
        },
      },
    ]
  },
})
