import type { Pool } from 'pg'
import { servingVersions } from '../../rebuild/serving.ts'
import type { Rebuilt, Step, Watch } from '../../rebuild/terms.ts'
import { printJson } from '../output.ts'
import { estimateInWords } from './estimate.ts'
import type { ReplayOptions } from './options.ts'
import type { Replayable } from './replayable.ts'
import { asOfInWords, inWords } from './report.ts'

export type Replay = {
  readonly options: ReplayOptions
  readonly watch: Watch
  /** Told the same of the rebuild of one projection. */
  readonly measure: (projection: string) => (step: Step) => void
}

/** For whoever watches, and for the metrics. */
const watchOf = ({ watch, measure }: Replay, { name }: Replayable): Watch => {
  const measured = measure(name)
  return {
    ...watch,
    onStep: (step) => {
      watch.onStep(step)
      measured(step)
    },
  }
}

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
  replayable: Replayable,
  tenant: string,
  stream: { readonly type: string; readonly id: string },
): Promise<void> => {
  const { from, to, wasParked } = await replayable.heal({ tenant, ...stream })
  const name = `${stream.type}/${stream.id}`
  const before = from < to ? ` (before: ${from})` : ''
  const freed = wasParked ? '; it is not parked any more' : ''
  const words = `${replayable.name} holds ${name} up to version ${to}${before}${freed}\n`
  tell(replay, { projection: replayable.name, tenant, stream: name, from, to, wasParked }, words)
}

const dropUnfinished = async (replay: Replay, { name, abandon }: Replayable): Promise<void> => {
  const dropped = await abandon()
  const words = dropped ? `what was built of ${name} is dropped\n` : `nothing of ${name} was being built\n`
  tell(replay, { projection: name, dropped }, words)
}

/** Does what the options say to one projection. */
export const replayOne = async (replay: Replay, replayable: Replayable): Promise<void> => {
  const { options } = replay
  const watch = watchOf(replay, replayable)
  const { parallel, tenant, stream, asOf, restart = false, fromArchive = false } = options
  const plan = { segments: parallel, restart, fromArchive, ...(tenant !== undefined && { tenant }) }
  if (options.dryRun) {
    const told = await replayable.estimate(options.maxReadRate)
    return tell(replay, told, estimateInWords(told))
  }
  if (options.abandon) return dropUnfinished(replay, replayable)
  if (options.rollback) return tellRebuilt(replay, () => replayable.rollback(watch))
  if (stream !== undefined && tenant !== undefined) return healStream(replay, replayable, tenant, stream)
  if (asOf === undefined) return tellRebuilt(replay, () => replayable.rebuild(plan, watch))
  const { done, seconds } = await timed(() => replayable.buildAsOf(asOf, plan, watch))
  tell(replay, { ...done, seconds }, asOfInWords(done, seconds))
}

/** Rebuilds everything that another version of its projection has built than the one of this release. */
export const replayChanged = async (
  replay: Replay,
  all: ReadonlyArray<Replayable>,
  pool: Pick<Pool, 'query'>,
): Promise<void> => {
  const serving = await servingVersions(pool)
  const changed = all.filter(({ name, version }) => serving.get(name) !== version)
  for (const replayable of changed) await replayOne(replay, replayable)
  if (changed.length === 0)
    tell(replay, { changed: [] }, 'every view was built by the version that its projection has\n')
}
