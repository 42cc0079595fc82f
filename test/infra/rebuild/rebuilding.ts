import * as fc from 'fast-check'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import type { Commit, EventStore } from '../../../infra/event-store/port.ts'
import { ownerPool } from '../../../infra/postgres/pool.ts'
import { unpaced } from '../../../infra/rebuild/pace.ts'
import type { Rebuilds } from '../../../infra/rebuild/port.ts'
import { postgresRebuilds } from '../../../infra/rebuild/postgres-rings.ts'
import { rebuild } from '../../../infra/rebuild/rebuild.ts'
import type { RebuildDeps, RebuildOptions, Rebuilt, Step, Watch } from '../../../infra/rebuild/terms.ts'
import { checkpointTableOf } from '../../../infra/views/checkpoint-table.ts'
import { postgresViewStore } from '../../../infra/views/postgres.ts'
import { eventCodecs } from '../../../projections/event-codecs.ts'
import type { ReadModel } from '../../../projections/read-model.ts'
import { recordedEventsOf } from '../../../projections/recorded.ts'
import { postgresProjections } from '../../../projections/registry.ts'
import { commandHistories, type History, historyOf } from '../../projections/event-histories.ts'
import { projectorOf, silent } from '../../projections/projector-under-test.ts'
import { eventOf } from '../../projections/stream-records.ts'
import type { ViewsDatabase } from '../postgres/views-database.ts'
import { memoryScan } from './memory-scan.ts'

export const modelNamed = (name: string): ReadModel => {
  const model = postgresProjections.find((each) => each.name === name)
  if (model === undefined) throw new Error(`no projection ${name}`)
  return model
}

/** A watcher that may stop the work at a step. */
export const watch = (onStep: (step: Step, stop: () => void) => void = () => {}): Watch => {
  const stopper = new AbortController()
  return { onStep: (step) => onStep(step, () => stopper.abort(new Error('stopped'))), signal: stopper.signal }
}

export type Book = {
  readonly commits: ReadonlyArray<Commit>
  readonly events: Pick<EventStore, 'read' | 'tail'>
}

export const depsOn = (database: ViewsDatabase, book: Book, more: Partial<RebuildDeps> = {}): RebuildDeps => ({
  events: book.events,
  scan: memoryScan(() => book.commits),
  decode: recordedEventsOf(eventCodecs),
  archive: async function* () {
    yield* book.commits
  },
  pool: database.owner,
  poolIn: (schema) => ownerPool(database.url, { schema }),
  size: book.commits.length,
  pace: unpaced,
  log: silent,
  ...more,
})

export const rebuilt = (
  deps: RebuildDeps,
  model: ReadModel,
  options: Partial<RebuildOptions> = {},
  watching = watch(),
): Promise<Rebuilt> => rebuild(deps, model, { segments: 3, ...options }, watching)

/** Views, checkpoints and parked streams without a row, and nothing begun. */
export const emptied = async (database: ViewsDatabase): Promise<void> => {
  const tables = postgresProjections.flatMap(({ name, tables }) => [
    checkpointTableOf(name),
    ...tables.map((table) => table.name),
  ])
  await database.owner.query(`TRUNCATE parked_streams, rebuilds, rebuild_rings, serving_projections, ${tables.join()}`)
}

/** What the tests of a file share: made before the first one, emptied before each, and closed behind the last. */
export const sharedByTests = <A extends { readonly close: () => Promise<void> }>(
  make: () => Promise<A>,
  empty: (shared: A) => Promise<void>,
  share: (made: A) => void,
): void => {
  let made: A | undefined
  beforeAll(async () => {
    made = await make()
    share(made)
  })
  afterAll(() => made?.close())
  beforeEach(async () => {
    if (made !== undefined) await empty(made)
  })
}

/** One history, always the same for a seed, that is long enough to have something of everything. */
export const aHistory = (commands: number, atLeast: number, seed: number): Promise<History> => {
  const [steps = []] = fc.sample(commandHistories(commands, atLeast), { numRuns: 1, seed })
  return historyOf(steps)
}

/** The live projector on the serving views, which hands commits over as a feed does. */
export const liveProjector = (
  database: ViewsDatabase,
  events: Pick<EventStore, 'read'>,
  projections: ReadonlyArray<ReadModel> = postgresProjections,
  rebuilds: Rebuilds = postgresRebuilds(database.projector),
) => {
  const handler = projectorOf({
    views: postgresViewStore(database.projector),
    events,
    projections,
    rebuilds,
  })
  return async (commits: ReadonlyArray<Commit>): Promise<void> => {
    if (commits.length === 0) return
    const { batchItemFailures } = await handler(eventOf([...commits]))
    if (batchItemFailures.length > 0) throw new Error('the projector failed')
  }
}
