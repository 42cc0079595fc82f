import * as E from 'fp-ts/lib/Either.js'
import { reasonOf } from '../../projections/log.ts'
import type { Logger } from '../log/logger.ts'
import { METRICS } from '../metrics/definitions.ts'
import type { Metrics } from '../metrics/port.ts'
import { readGivenUp } from './given-up-batch.ts'
import type { GivenUpObjects } from './given-up-objects.ts'
import { type Redriving, redrive } from './redrive.ts'

export type RedriveAllDeps = Redriving & {
  readonly objects: GivenUpObjects
  readonly log: Logger
  readonly metrics: Metrics
}

/** Batches that were dealt with, and that lie there still. */
export type RedrivenAll = { readonly redriven: number; readonly kept: number }

const redriveObject = async (deps: RedriveAllDeps, key: string): Promise<boolean> => {
  const { objects, log } = deps
  try {
    const batch = readGivenUp(await objects.read(key))
    if (E.isLeft(batch)) throw new Error(batch.left)
    const { functionArn, records } = batch.right
    const { taken, parked } = await redrive(deps, batch.right)
    log.warn('a batch that was given up is dealt with', { key, functionArn, records: records.length, taken, parked })
    await objects.remove(key)
    return true
  } catch (error) {
    log.error('a batch that was given up stays so', { key, reason: reasonOf(error) })
    return false
  }
}

/** Tries everything that was given up once more; what cannot be dealt with stays where it is, until the next time. */
export const redriveAll = async (deps: RedriveAllDeps, signal: AbortSignal): Promise<RedrivenAll> => {
  const outcomes: boolean[] = []
  for await (const key of deps.objects.keys()) {
    if (signal.aborted) break
    const done = await redriveObject(deps, key)
    deps.metrics.record(METRICS.givenUpBatches, { Outcome: done ? 'redriven' : 'kept' })
    outcomes.push(done)
  }
  const redriven = outcomes.filter(Boolean).length
  return { redriven, kept: outcomes.length - redriven }
}
