import { expect } from 'vitest'
import { commitOfImage } from '../../infra/event-store/item.ts'
import type { Commit } from '../../infra/event-store/port.ts'
import { noRebuilds } from '../../infra/rebuild/port.ts'
import type { Row } from '../../projections/change.ts'
import { eventCodecs } from '../../projections/event-codecs.ts'
import type { Log } from '../../projections/log.ts'
import { type PostgresProjectorDeps, postgresProjector } from '../../projections/postgres-projector.ts'
import type { Table } from '../../projections/projection.ts'
import type { ReadModel } from '../../projections/read-model.ts'
import { postgresProjections } from '../../projections/registry.ts'
import { canonicalRows } from './canonical-rows.ts'
import { naiveViews } from './naive-views.ts'

export const silent: Log = { warn: () => {}, error: () => {} }

export const projectorOf = (deps: Pick<PostgresProjectorDeps, 'views' | 'events'> & Partial<PostgresProjectorDeps>) =>
  postgresProjector({
    projections: postgresProjections,
    codecs: eventCodecs,
    commitOfImage,
    rebuilds: noRebuilds,
    log: silent,
    ...deps,
  })

/** A shared row of nothing but zeros is what a cancelled order leaves; it counts as no row. */
const says = ({ rows, columns }: Table, row: Row): boolean =>
  rows === 'owned' || Object.keys(columns).some((column) => Number(row[column]) !== 0)

type Rows = (table: string) => ReadonlyArray<Row> | Promise<ReadonlyArray<Row>>

/** The tables of one read model hold what a naive fold of the commits says, row by row. */
export const expectTablesOf = async (
  { tables }: Pick<ReadModel, 'tables'>,
  commits: ReadonlyArray<Commit>,
  rows: Rows,
): Promise<void> => {
  const expected = naiveViews(commits)
  for (const table of tables) {
    const seen = canonicalRows(table, await rows(table.name)).filter((row) => says(table, row))
    const wanted = canonicalRows(table, expected[table.name] ?? []).filter((row) => says(table, row))
    expect(seen).toEqual(wanted)
  }
}

/** The views hold what a naive fold of the commits says, row by row. */
export const expectViewsOf = (commits: ReadonlyArray<Commit>, rows: Rows): Promise<void> =>
  expectTablesOf({ tables: postgresProjections.flatMap(({ tables }) => tables) }, commits, rows)
