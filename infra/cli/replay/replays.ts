import type { ReadModel } from '../../../projections/read-model.ts'
import { postgresProjections } from '../../../projections/registry.ts'
import { buildAsOf } from '../../rebuild/as-of.ts'
import { heal } from '../../rebuild/heal.ts'
import { type RebuildDeps, type Rebuilt, rebuild, type Watch } from '../../rebuild/rebuild.ts'
import { abandon, rollback } from '../../rebuild/rollback.ts'
import { servingVersions } from '../../rebuild/serving.ts'
import { printJson } from '../output.ts'
import { estimate, estimateInWords } from './estimate.ts'
import type { ReplayOptions } from './options.ts'
import { asOfInWords, inWords } from './report.ts'

export type Replay = { readonly engines: RebuildDeps; readonly options: ReplayOptions; readonly watch: Watch }

/** A result as JSON, or in words. */
const tell = ({ options: { json } }: Replay, result: object, words: string): void => {
  if (json) printJson(result)
  else process.stdout.write(words)
}

const timed = async <A>(work: () => Promise<A>): Promise<{ readonly done: A; readonly seconds: number }> => {
  const begin = performance.now()
  const done = await work()
  return { done, seconds: Math.round(performance.now() - begin) / 1_000 }
}

const tellRebuilt = async (replay: Replay, work: () => Promise<Rebuilt>): Promise<void> => {
  const { done, seconds } = await timed(work)
  tell(replay, { ...done, seconds }, inWords(done, seconds))
}

const healStream = async (
  replay: Replay,
  model: ReadModel,
  tenant: string,
  stream: { readonly type: string; readonly id: string },
): Promise<void> => {
  const { from, to, wasParked } = await heal(replay.engines, model, { tenant, ...stream })
  const name = `${stream.type}/${stream.id}`
  const before = from < to ? ` (before: ${from})` : ''
  const freed = wasParked ? '; it is not parked any more' : ''
  const words = `${model.name} holds ${name} up to version ${to}${before}${freed}\n`
  tell(replay, { projection: model.name, tenant, stream: name, from, to, wasParked }, words)
}

const dropUnfinished = async (replay: Replay, model: ReadModel): Promise<void> => {
  const dropped = await abandon(replay.engines, model)
  const words = dropped ? `what was built of ${model.name} is dropped\n` : `nothing of ${model.name} was being built\n`
  tell(replay, { projection: model.name, dropped }, words)
}

/** Does what the options say to one projection. */
export const replayOne = async (replay: Replay, model: ReadModel): Promise<void> => {
  const { engines, options, watch } = replay
  const { parallel, tenant, stream, asOf, restart = false } = options
  const plan = { segments: parallel, restart, ...(tenant !== undefined && { tenant }) }
  if (options.dryRun) {
    const told = await estimate(engines, model, options.maxReadRate)
    return tell(replay, told, estimateInWords(told))
  }
  if (options.abandon) return dropUnfinished(replay, model)
  if (options.rollback) return tellRebuilt(replay, () => rollback(engines, model, watch))
  if (stream !== undefined && tenant !== undefined) return healStream(replay, model, tenant, stream)
  if (asOf === undefined) return tellRebuilt(replay, () => rebuild(engines, model, plan, watch))
  const { done, seconds } = await timed(() => buildAsOf(engines, model, asOf, plan, watch))
  tell(replay, { ...done, seconds }, asOfInWords(done, seconds))
}

/** Rebuilds every view that another version of its projection has built than the one of this release. */
export const replayChanged = async (replay: Replay): Promise<void> => {
  const serving = await servingVersions(replay.engines.pool)
  const changed = postgresProjections.filter(({ name, version }) => serving.get(name) !== version)
  for (const model of changed) await replayOne(replay, model)
  if (changed.length === 0)
    tell(replay, { changed: [] }, 'every view was built by the version that its projection has\n')
}
