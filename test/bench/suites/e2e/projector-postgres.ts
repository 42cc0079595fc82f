import type { DynamoDBStreamEvent } from 'aws-lambda'
import { escapeIdentifier, escapeLiteral, type Pool, type PoolClient } from 'pg'
import { commitOfImage } from '../../../../infra/event-store/item.ts'
import { memoryEventStore } from '../../../../infra/event-store/memory.ts'
import { systemStamp } from '../../../../infra/event-store/stamp.ts'
import type { Engine } from '../../../../infra/local/engines/engine.ts'
import { silentLogger } from '../../../../infra/log/logger.ts'
import { migrate } from '../../../../infra/postgres/migrate.ts'
import { ownerPool, projectorPool } from '../../../../infra/postgres/pool.ts'
import { inTransaction } from '../../../../infra/postgres/transaction.ts'
import { postgresRebuilds } from '../../../../infra/rebuild/postgres-rings.ts'
import { postgresViewStore } from '../../../../infra/views/postgres.ts'
import { eventCodecs } from '../../../../projections/event-codecs.ts'
import { postgresProjector } from '../../../../projections/postgres-projector.ts'
import { postgresProjections } from '../../../../projections/registry.ts'
import { eventOf } from '../../../projections/stream-records.ts'
import type { Case, Round } from '../../bench.ts'
import { copyIn, copyOut } from '../../copy.ts'
import { createDatabase } from '../../database.ts'
import { commitOf, orderOf } from '../../orders.ts'
import { timed } from '../../stopwatch.ts'

const LINES = 25
/** Commits a batch. */
const BATCH = 500

/** Every table that a placed order ends up in. */
const TABLES = ['orders_checkpoints', 'sales_checkpoints', 'orders', 'order_lines', 'sales']

const copyOf = (table: string): string => escapeIdentifier(`bare_${table}`)

type ProjectorPostgres = {
  readonly postgres: Engine
  /** Orders a round, one event each. */
  readonly count: number
}

const batchesOf = (tenant: string, count: number): ReadonlyArray<DynamoDBStreamEvent> => {
  const commits = Array.from({ length: count }, (_, nth) => commitOf(tenant, orderOf(nth, LINES)).commit)
  return Array.from({ length: Math.ceil(count / BATCH) }, (_, nth) =>
    eventOf(commits.slice(nth * BATCH, (nth + 1) * BATCH)),
  )
}

const projectorOf = (pool: Pool) =>
  postgresProjector({
    projections: postgresProjections,
    codecs: eventCodecs,
    views: postgresViewStore(pool),
    events: memoryEventStore(systemStamp()),
    commitOfImage,
    rebuilds: postgresRebuilds(pool),
    log: silentLogger,
  })

const project = (projector: ReturnType<typeof projectorOf>, tenant: string, count: number): Promise<Round> => {
  const batches = batchesOf(tenant, count)
  return timed(count, async () => {
    for (const batch of batches) {
      const { batchItemFailures } = await projector(batch)
      if (batchItemFailures.length > 0) throw new Error('the projector failed on a batch')
    }
  })
}

const rowsOf = async (client: PoolClient, tenant: string): Promise<ReadonlyMap<string, Buffer>> => {
  const rows = new Map<string, Buffer>()
  for (const table of TABLES) {
    const query = `SELECT * FROM ${escapeIdentifier(table)} WHERE tenant = ${escapeLiteral(tenant)}`
    rows.set(table, await copyOut(client, query))
  }
  return rows
}

/** One transaction that brings a tenant's final rows, all of them, into tables of the same definition. */
const copy = async (pool: Pool, tenant: string, count: number): Promise<Round> => {
  const rows = await inTransaction(pool, 'BEGIN', (client) => rowsOf(client, tenant))
  return timed(count, () =>
    inTransaction(pool, 'BEGIN', async (client) => {
      for (const [table, bytes] of rows) await copyIn(client, copyOf(table), bytes)
    }),
  )
}

/** Events a second from the feed's batches into the views; each round a tenant of its own. */
export const projectorPostgres = ({ postgres, count }: ProjectorPostgres): Case => ({
  name: 'projector-postgres',
  unit: 'events/s',
  prepare: async (cleanUp) => {
    const url = await createDatabase(postgres.url, 'bench_projector')
    await migrate(url)
    const owner = ownerPool(url, { max: 1 })
    cleanUp.defer(() => owner.end())
    const pool = projectorPool(url)
    cleanUp.defer(() => pool.end())
    for (const table of TABLES) {
      await owner.query(`CREATE TABLE ${copyOf(table)} (LIKE ${escapeIdentifier(table)} INCLUDING ALL)`)
    }
    const projector = projectorOf(pool)
    let round = 0
    const tenant = (): string => `round-${round}`
    return [
      {
        name: 'daybook',
        round: () => {
          round += 1
          return project(projector, tenant(), count)
        },
      },
      // Second in every turn: it copies the rows that the projector has just made.
      { name: 'bare', round: () => copy(owner, tenant(), count) },
    ]
  },
})
