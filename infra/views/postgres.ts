import type { ClientBase, Pool } from 'pg'
import type { Change } from '../../projections/change.ts'
import { ContradictoryChanges, mergeChanges } from '../../projections/merge.ts'
import type { Table } from '../../projections/projection.ts'
import { isFaultOfValues, isWorthRepeating } from '../postgres/faults.ts'
import { inTransaction } from '../postgres/transaction.ts'
import { assertFitting } from './fitting.ts'
import { RejectedChanges, type ViewCommit, type ViewStore } from './port.ts'
import { moveCheckpoints, readProgress } from './postgres-checkpoints.ts'
import { postgresParkedStreams } from './postgres-parked.ts'
import { statementsFor } from './statements.ts'

/** A transaction that loses against others this often in a row is given up: the feed brings its batch again. */
const ATTEMPTS = 5

class Raced extends Error {}

const write = async (
  client: ClientBase,
  tables: ReadonlyArray<Table>,
  merged: ReadonlyArray<Change>,
): Promise<void> => {
  const byTable = Map.groupBy(merged, ({ table }) => table)
  for (const table of tables) {
    for (const { text, values } of statementsFor(table, byTable.get(table.name) ?? [])) {
      await client.query(text, [...values])
    }
  }
}

const inOneTransaction = (
  pool: Pool,
  { projection, advances }: ViewCommit,
  merged: ReadonlyArray<Change>,
): Promise<void> =>
  inTransaction(pool, 'BEGIN', async (client) => {
    if (!(await moveCheckpoints(client, projection.name, advances))) throw new Raced()
    await write(client, projection.tables, merged)
  })

const repeating = async (work: () => Promise<void>): Promise<void> => {
  for (let attempt = 1; attempt < ATTEMPTS; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      if (!isWorthRepeating(error)) throw error
    }
  }
  return work()
}

const commitTo =
  (pool: Pool): ViewStore['commit'] =>
  async (commit) => {
    assertFitting(commit.projection.tables, commit.changes)
    try {
      const merged = mergeChanges(commit.changes)
      await repeating(() => inOneTransaction(pool, commit, merged))
      return 'committed'
    } catch (error) {
      if (error instanceof Raced) return 'raced'
      if (error instanceof Error && (error instanceof ContradictoryChanges || isFaultOfValues(error))) {
        throw new RejectedChanges(error.message, { cause: error })
      }
      throw error
    }
  }

/** Views in Postgres; `pool` acts as `daybook_projector`. */
export const postgresViewStore = (pool: Pool): ViewStore => ({
  ...postgresParkedStreams(pool),
  progress: (projection, streams) => readProgress(pool, projection, streams),
  commit: commitTo(pool),
})
