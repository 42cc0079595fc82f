import * as E from 'fp-ts/lib/Either.js'
import { type ClientBase, escapeIdentifier } from 'pg'
import type { Change, Row } from '../../projections/change.ts'
import type { Table } from '../../projections/projection.ts'
import type { ReadModel } from '../../projections/read-model.ts'
import { lastVersion } from '../event-store/port.ts'
import type { Scanned } from '../event-store/scan.ts'
import { inTransaction } from '../postgres/transaction.ts'
import { readProgress } from '../views/postgres-checkpoints.ts'
import { type Difference, unexpectedRows } from './differences.ts'
import { differencesFrom } from './reference.ts'
import { keyColumns, rowKeyOf } from './row-key.ts'
import { qualified, SERVING } from './shadow.ts'
import type { RebuildDeps, Watch } from './terms.ts'
import { changesOf, ofOwnedTables, ofSharedTables, sampleOfStreams } from './verification.ts'

export type SampleVerification = {
  readonly differences: ReadonlyArray<Difference>
  readonly streams: number
  readonly sharedRows: number
}

/** Streams drawn at random, whose own rows are compared with a fold of their events up to where the view is. */
const verifyOwned = async (deps: RebuildDeps, model: ReadModel, count: number) => {
  const tables = ofOwnedTables(model)
  if (tables.length === 0) return { differences: [], streams: 0 }
  const work = { ...deps, model, schema: SERVING }
  const sample = await sampleOfStreams(work, count)
  const differences: Difference[] = []
  for (const checkpoint of sample) {
    const found = await differencesFrom(deps.pool, SERVING, tables, await changesOf(work, checkpoint))
    const [now] = await readProgress(deps.pool, model.name, [checkpoint.stream])
    // Where the stream moved on meanwhile, its rows did so, too: nothing can be said.
    if (now?.checkpoint === checkpoint.version) differences.push(...found)
  }
  return { differences, streams: sample.length }
}

type Drawn = { readonly table: Table; readonly keys: ReadonlyMap<string, Row> }

const draw = async (client: ClientBase, table: Table, count: number): Promise<Drawn> => {
  const columns = keyColumns(table)
  const { rows } = await client.query<Row>(
    `SELECT ${columns.map((column) => escapeIdentifier(column)).join()} FROM ${qualified(SERVING, table.name)}
      ORDER BY random() LIMIT $1`,
    [count],
  )
  const idOf = rowKeyOf(columns)
  return { table, keys: new Map(rows.map((row) => [idOf(row), row])) }
}

/** What the commits of one page, as far as the view has them, add to the rows that were drawn. */
const additions = async (
  client: ClientBase,
  { decode }: Pick<RebuildDeps, 'decode'>,
  model: ReadModel,
  commits: ReadonlyArray<Scanned>,
  isDrawn: (change: Change) => boolean,
): Promise<ReadonlyArray<Change>> => {
  const progress = await readProgress(
    client,
    model.name,
    commits.map(({ stream }) => stream),
  )
  return commits.flatMap(({ commit, stream, version }, nth) => {
    const { checkpoint = 0 } = progress[nth] ?? {}
    if (version > checkpoint) return []
    if (E.isLeft(commit)) throw commit.left
    if (lastVersion(commit.right) > checkpoint) return []
    const recorded = decode(commit.right)
    if (E.isLeft(recorded)) {
      throw new Error(
        `${stream.type}/${stream.id} of tenant ${stream.tenant}: version ${version} was applied and cannot be read: ${recorded.left.reason}`,
      )
    }
    return recorded.right.flatMap(model.changesOf).filter(isDrawn)
  })
}

const isNothing = ({ found }: Difference): boolean =>
  found !== null && Object.values(found).every((value) => Number(value) === 0)

/**
 * Shared rows drawn at random, compared with all that the events add to them. Any event may, so all are read; only what concerns the
 * drawn rows is kept.
 */
const verifyShared = async (deps: RebuildDeps, model: ReadModel, count: number, { onStep, signal }: Watch) => {
  const tables = ofSharedTables(model)
  if (tables.length === 0) return { differences: [], sharedRows: 0 }
  return inTransaction(deps.pool, 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', async (client) => {
    const drawn = new Map<string, Drawn & { readonly idOf: (key: Row) => string }>()
    for (const table of tables) {
      drawn.set(table.name, { ...(await draw(client, table, count)), idOf: rowKeyOf(keyColumns(table)) })
    }
    const isDrawn = ({ table, key }: Change): boolean => {
      const of = drawn.get(table)
      return of?.keys.has(of.idOf(key)) === true
    }
    const changes: Change[] = []
    onStep({ _tag: 'Begun', resumed: false, segments: 1 })
    for await (const page of deps.scan({ segment: 0, of: 1, streamTypes: model.streamTypes })) {
      signal.throwIfAborted()
      changes.push(...(await additions(client, deps, model, page.commits, isDrawn)))
      onStep({ _tag: 'Read', items: page.read, events: 0 })
      await deps.pace.passed(page.read)
    }
    const differences = [...(await differencesFrom(client, SERVING, tables, changes))]
    for (const { table, keys, idOf } of drawn.values()) {
      const told = new Set(changes.filter((change) => change.table === table.name).map(({ key }) => idOf(key)))
      const untold = [...keys].filter(([id]) => !told.has(id)).map(([, key]) => key)
      differences.push(...(await unexpectedRows(client, SERVING, table, untold)).filter((row) => !isNothing(row)))
    }
    return { differences, sharedRows: drawn.values().reduce((sum, { keys }) => sum + keys.size, 0) }
  })
}

/** Compares a sample of a serving view's rows with the fold of the events, while it serves and changes. */
export const verifySample = async (
  deps: RebuildDeps,
  model: ReadModel,
  count: number,
  watch: Watch,
): Promise<SampleVerification> => {
  const owned = await verifyOwned(deps, model, count)
  const shared = await verifyShared(deps, model, count, watch)
  return {
    differences: [...owned.differences, ...shared.differences],
    streams: owned.streams,
    sharedRows: shared.sharedRows,
  }
}
