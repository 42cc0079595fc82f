import type { Commit } from '../../../infra/event-store/port.ts'
import { ownerPool } from '../../../infra/postgres/pool.ts'
import { unpaced } from '../../../infra/rebuild/pace.ts'
import { type RebuildDeps, type RebuildOptions, rebuild, type Watch } from '../../../infra/rebuild/rebuild.ts'
import { eventCodecs } from '../../../projections/event-codecs.ts'
import type { ReadModel } from '../../../projections/read-model.ts'
import { recordedEventsOf } from '../../../projections/recorded.ts'
import { postgresProjections } from '../../../projections/registry.ts'
import { silent } from '../../projections/projector-under-test.ts'
import type { ViewsDatabase } from '../postgres/views-database.ts'
import { memoryScan } from './memory-scan.ts'

export const modelNamed = (name: string): ReadModel => {
  const model = postgresProjections.find((each) => each.name === name)
  if (model === undefined) throw new Error(`no projection ${name}`)
  return model
}

export const unwatched = (): Watch => ({ onStep: () => {}, signal: new AbortController().signal })

type Book = { readonly commits: ReadonlyArray<Commit>; readonly events: RebuildDeps['events'] }

export const depsOn = (database: ViewsDatabase, book: Book, more: Partial<RebuildDeps> = {}): RebuildDeps => ({
  events: book.events,
  scan: memoryScan(() => book.commits),
  decode: recordedEventsOf(eventCodecs),
  pool: database.owner,
  poolIn: (schema) => ownerPool(database.url, { schema }),
  size: book.commits.length,
  pace: unpaced,
  log: silent,
  ...more,
})

export const rebuildAll = async (deps: RebuildDeps, options: Partial<RebuildOptions> = {}): Promise<void> => {
  for (const model of postgresProjections) await rebuild(deps, model, { segments: 3, ...options }, unwatched())
}
