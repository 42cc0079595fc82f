import type { ReplayEngines } from '../../composition/replay.ts'
import { replayEngines } from '../../local/replay.ts'
import { jsonLogger } from '../../log/logger.ts'
import { enginesOf } from '../engines.ts'
import { stopOnInterrupt } from '../interrupt.ts'
import type { GlobalOptions } from '../options.ts'
import { type Progress, progressOn } from '../progress.ts'
import { stageReplay } from '../stage-engines.ts'

export type OnEngines<A> = (engines: ReplayEngines, progress: Progress, signal: AbortSignal) => Promise<A>

/**
 * Works on the engines of an instance or a stage; an interrupt aborts the signal.
 * @param name of the command, for its log. @param maxReadRate commits a second, at most; default no bound.
 */
export const onEngines = async <A>(
  options: GlobalOptions,
  name: string,
  maxReadRate: number | undefined,
  work: OnEngines<A>,
): Promise<A> => {
  const log = jsonLogger(
    name,
    (line) => process.stderr.write(line),
    () => new Date(),
  )
  const stop = new AbortController()
  stopOnInterrupt(stop)
  const progress = progressOn(process.stderr)
  const engines = await (options.stage === undefined
    ? replayEngines(enginesOf(options), log, maxReadRate)
    : stageReplay(options.stage, log, maxReadRate))
  try {
    return await work(engines, progress, stop.signal)
  } finally {
    progress.end()
    await engines.close()
  }
}
