import type { ReadModel } from '../../projections/read-model.ts'
import { postgresViewStore } from '../views/postgres.ts'
import { answerRings, type CatchUp, ringBehind } from './catch-up.ts'
import { countsOf } from './counts.ts'
import { dropSchema } from './shadow.ts'
import { switchTo } from './switch.ts'
import { switchRows } from './switch-rows.ts'
import type { RebuildDeps, Rebuilt, Watch } from './terms.ts'
import { expectNoneParked } from './verdict.ts'

/** Follows what was rung until the generation is level with the one that serves, then lets it serve. */
export const followAndSwitch = async (
  work: CatchUp,
  version: number,
  { onStep }: Watch,
): Promise<Omit<Rebuilt, 'projection' | 'version'>> => {
  onStep({ _tag: 'CatchingUp' })
  await ringBehind(work)
  const caughtUp = await answerRings(work, 0)
  await expectNoneParked(work)
  const counts = await countsOf(work.pool, work.model, work.schema)
  onStep({ _tag: 'Switching' })
  const lockedMs = work.tenant === undefined ? await switchTo(work, version) : await switchRows(work, work.tenant)
  await dropSchema(work.pool, work.schema)
  return { ...counts, caughtUp, lockedMs }
}

/** What brings a generation in `schema` level with the one that serves, through the gate of the live projector. */
export const followerOf = (
  { poolIn, pool, events, log, decode }: RebuildDeps,
  model: ReadModel,
  schema: string,
  signal: AbortSignal,
  tenant?: string,
): { readonly work: CatchUp; readonly close: () => Promise<void> } => {
  const own = poolIn(schema)
  const deps = { views: postgresViewStore(own), events, log }
  return {
    work: { model, decode, deps, pool, schema, signal, ...(tenant !== undefined && { tenant }) },
    close: () => own.end(),
  }
}
