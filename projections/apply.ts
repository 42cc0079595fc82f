import { type Advance, RejectedChanges, type ViewStore } from '../infra/views/port.ts'
import type { Log } from './log.ts'
import type { Pending, Step, Stuck } from './pending.ts'
import type { ReadModel } from './read-model.ts'

/** `raced`: another projector moved one of the streams; read their checkpoints again. */
export type Outcome = 'done' | 'raced'

type Target = { readonly model: ReadModel; readonly views: ViewStore; readonly log: Log }

const park = async ({ model, views, log }: Target, { stream }: Pending, { version, error }: Stuck): Promise<void> => {
  log.error('stream parked', { projection: model.name, ...stream, version, reason: error })
  await views.park({ projection: model.name, stream, version, error })
}

const advanceOf = ({ stream, steps }: Pending): ReadonlyArray<Advance> => {
  const first = steps[0]
  const last = steps.at(-1)
  return first && last ? [{ stream, from: first.from, to: last.to }] : []
}

const commit = ({ model, views }: Target, pending: ReadonlyArray<Pending>): Promise<'committed' | 'raced'> => {
  const advances = pending.flatMap(advanceOf)
  const changes = pending.flatMap(({ steps }) => steps.flatMap((step) => step.changes))
  return advances.length === 0 ? Promise.resolve('committed') : views.commit({ projection: model, advances, changes })
}

const applyStep = async (target: Target, pending: Pending, step: Step): Promise<Outcome | 'parked'> => {
  try {
    const outcome = await commit(target, [{ stream: pending.stream, steps: [step] }])
    return outcome === 'raced' ? 'raced' : 'done'
  } catch (error) {
    if (!(error instanceof RejectedChanges)) throw error
    await park(target, pending, { version: step.from + 1, error: error.message })
    return 'parked'
  }
}

/** One stream, commit by commit, up to the one that the view cannot take. */
const applyAlone = async (target: Target, pending: Pending): Promise<Outcome> => {
  for (const step of pending.steps) {
    const outcome = await applyStep(target, pending, step)
    if (outcome !== 'done') return outcome === 'raced' ? 'raced' : 'done'
  }
  if (pending.stuck) await park(target, pending, pending.stuck)
  return 'done'
}

/**
 * Applies what is pending in one transaction. When the view refuses it, halves it until the streams at fault stand alone;
 * those are parked at the commit that they cannot pass, and the others go on.
 */
export const apply = async (target: Target, pending: ReadonlyArray<Pending>): Promise<Outcome> => {
  try {
    if ((await commit(target, pending)) === 'raced') return 'raced'
  } catch (error) {
    if (!(error instanceof RejectedChanges)) throw error
    const [only, ...others] = pending
    if (only && others.length === 0) return applyAlone(target, only)
    const middle = pending.length >> 1
    const first = await apply(target, pending.slice(0, middle))
    const second = await apply(target, pending.slice(middle))
    return first === 'done' ? second : first
  }
  for (const one of pending) if (one.stuck) await park(target, one, one.stuck)
  return 'done'
}
