import type { EventStore } from '../infra/event-store/port.ts'
import type { ViewStore } from '../infra/views/port.ts'
import { apply } from './apply.ts'
import type { Doorbell } from './doorbell.ts'
import type { Log } from './log.ts'
import { pendingOf } from './pending.ts'
import type { ReadModel } from './read-model.ts'
import type { RecordedEventsOf } from './recorded.ts'

export type ProjectDeps = {
  readonly views: ViewStore
  readonly events: Pick<EventStore, 'read'>
  readonly log: Log
}

/** Losing against another projector this often in a row is no accident: the batch comes again later. */
const RACES = 10

/**
 * Brings one view up to what the doorbells tell of, through its gates. Parked streams are left alone, and streams at fault are
 * parked. Rejects when an engine is away.
 */
export const project = async (
  deps: ProjectDeps,
  model: ReadModel,
  doorbells: ReadonlyArray<Doorbell>,
  decode: RecordedEventsOf,
): Promise<void> => {
  const streams = doorbells.map(({ stream }) => stream)
  if (streams.length === 0) return
  for (let race = 0; race < RACES; race += 1) {
    const progress = await deps.views.progress(model.name, streams)
    const pending = await Promise.all(
      doorbells.flatMap((doorbell, index) => {
        const { checkpoint, parked } = progress[index] ?? { checkpoint: 0, parked: false }
        return parked ? [] : [pendingOf(model, deps.events, decode, doorbell, checkpoint)]
      }),
    )
    if ((await apply({ ...deps, model }, pending)) === 'done') return
  }
  throw new Error(`lost ${RACES} races against other projectors`)
}
