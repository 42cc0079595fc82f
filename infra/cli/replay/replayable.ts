import type { ReadModel } from '../../../projections/read-model.ts'
import { postgresProjections } from '../../../projections/registry.ts'
import { productSearchModel } from '../../../projections/search-project.ts'
import type { ReplayEngines } from '../../composition/replay.ts'
import type { StreamName } from '../../event-store/port.ts'
import { type AsOf, buildAsOf } from '../../rebuild/as-of.ts'
import { nothingDrawn } from '../../rebuild/draw.ts'
import { foldOf } from '../../rebuild/fold.ts'
import { type Healed, heal } from '../../rebuild/heal.ts'
import { rebuild } from '../../rebuild/rebuild.ts'
import { RebuildRefused } from '../../rebuild/refusal.ts'
import { abandon, rollback } from '../../rebuild/rollback.ts'
import type { RebuildOptions, Rebuilt, Watch } from '../../rebuild/terms.ts'
import { productFold } from '../../search/rebuild/fold.ts'
import { healProduct } from '../../search/rebuild/heal.ts'
import { rebuildIndex } from '../../search/rebuild/rebuild.ts'
import { abandonIndex, rollbackIndex } from '../../search/rebuild/rollback.ts'
import { type Estimate, estimate } from './estimate.ts'

/** A projection as replays see it, whatever its rows are and wherever they lie. Everything rejects with `RebuildRefused`. */
export type Replayable = {
  readonly name: string
  readonly version: number
  readonly rebuild: (options: RebuildOptions, watch: Watch) => Promise<Rebuilt>
  readonly rollback: (watch: Watch) => Promise<Rebuilt>
  /** Drops what was not finished; answers whether there was any. */
  readonly abandon: () => Promise<boolean>
  readonly heal: (stream: StreamName) => Promise<Healed>
  readonly buildAsOf: (time: Date, options: RebuildOptions, watch: Watch) => Promise<AsOf>
  /** @param maxReadRate commits a second. */
  readonly estimate: (maxReadRate?: number) => Promise<Estimate>
}

const viewInPostgres = (engines: ReplayEngines, model: ReadModel): Replayable => ({
  name: model.name,
  version: model.version,
  rebuild: (options, watch) => rebuild(engines, model, options, watch),
  rollback: (watch) => rollback(engines, model, watch),
  abandon: () => abandon(engines, model),
  heal: (stream) => heal(engines, model, stream),
  buildAsOf: (time, options, watch) => buildAsOf(engines, model, time, options, watch),
  estimate: (rate) => estimate(engines, model, foldOf(model, engines.decode, nothingDrawn), rate),
})

const searchIndex = (engines: ReplayEngines): Replayable => ({
  name: productSearchModel.name,
  version: productSearchModel.version,
  rebuild: (options, watch) => rebuildIndex(engines, options, watch),
  rollback: (watch) => rollbackIndex(engines, watch),
  abandon: () => abandonIndex(engines),
  heal: (stream) => healProduct(engines, stream),
  buildAsOf: async () => {
    throw new RebuildRefused(
      `${productSearchModel.name} cannot be built as of a moment: --as-of makes tables, and this is a search index; products as of then are in products --as-of`,
    )
  },
  estimate: (rate) => estimate(engines, productSearchModel, productFold(engines.decode), rate),
})

export const REPLAYABLE: ReadonlyArray<string> = [...postgresProjections, productSearchModel].map(({ name }) => name)

/** Everything that can be replayed, in the order of `REPLAYABLE`. */
export const replayables = (engines: ReplayEngines): ReadonlyArray<Replayable> => [
  ...postgresProjections.map((model) => viewInPostgres(engines, model)),
  searchIndex(engines),
]
