import { project } from '../../projections/project.ts'
import type { ReadModel } from '../../projections/read-model.ts'
import { lastVersion, type StreamName } from '../event-store/port.ts'
import type { ParkedStream, ViewStore } from '../views/port.ts'
import { postgresViewStore } from '../views/postgres.ts'
import type { RebuildDeps } from './rebuild.ts'
import { RebuildRefused } from './refusal.ts'

/** Versions of the stream that the view held before and holds now. */
export type Healed = { readonly from: number; readonly to: number; readonly wasParked: boolean }

const endOf = async ({ events }: Pick<RebuildDeps, 'events'>, stream: StreamName): Promise<number> => {
  const last = (await events.tail(stream, 1)).at(-1)
  return last === undefined ? 0 : lastVersion(last.commit)
}

type Fault = Pick<ParkedStream, 'version' | 'error'>

/** The view store of somebody who works on parked streams, too, and wants to know what it parks. */
const heedlessOfParking = (views: ViewStore, onParked: (fault: Fault) => void): ViewStore => ({
  ...views,
  progress: async (projection, streams) =>
    (await views.progress(projection, streams)).map(({ checkpoint }) => ({ checkpoint, parked: false })),
  park: async (parked) => {
    onParked(parked)
    await views.park(parked)
  },
})

/**
 * Brings one stream of the serving view up to its end: a parked one, after what it could not apply was mended. It is let go when the
 * view has all of it, so a crash leaves it parked. Rejects with `RebuildRefused` when there is no such stream, or when it still
 * cannot be applied.
 */
export const heal = async (deps: RebuildDeps, model: ReadModel, stream: StreamName): Promise<Healed> => {
  const { pool, decode, events, log } = deps
  const views = postgresViewStore(pool)
  const name = `${stream.type}/${stream.id} of tenant ${stream.tenant}`
  const [before = { checkpoint: 0, parked: false }] = await views.progress(model.name, [stream])
  const faults: Fault[] = []
  const heedless = heedlessOfParking(views, (fault) => faults.push(fault))
  for (let through = await endOf(deps, stream); ; ) {
    if (through === 0) throw new RebuildRefused(`there is no stream ${name}`)
    await project({ views: heedless, events, log }, model, [{ stream, commits: [], through }], decode)
    const [fault] = faults
    if (fault !== undefined) {
      throw new RebuildRefused(`${model.name} cannot apply ${name} from version ${fault.version} on: ${fault.error}`)
    }
    await views.unpark(model.name, stream)
    // While it was parked, projectors passed over what their feed told of it; if that was anything, it is behind `through`.
    const end = await endOf(deps, stream)
    if (end === through) return { from: before.checkpoint, to: end, wasParked: before.parked }
    through = end
  }
}
