import { project } from '../../projections/project.ts'
import type { ReadModel } from '../../projections/read-model.ts'
import { lastVersion, type StreamName } from '../event-store/port.ts'
import type { ParkedStream, ParkedStreams, Progress } from '../views/port.ts'
import { postgresViewStore } from '../views/postgres.ts'
import type { Ring } from './port.ts'
import { RebuildRefused } from './refusal.ts'
import type { RebuildDeps } from './terms.ts'

/** Versions of the stream that the view held before and holds now. */
export type Healed = { readonly from: number; readonly to: number; readonly wasParked: boolean }

type Fault = Pick<ParkedStream, 'version' | 'error'>

/** What healing needs of a view, whatever engine holds it. */
export type Healing = {
  readonly model: Pick<ReadModel, 'name' | 'streamTypes'>
  readonly progress: (stream: StreamName) => Promise<Progress>
  /** Applies what the view lacks of a stream that may be parked. */
  readonly apply: (ring: Ring, parked: Parking) => Promise<void>
  readonly parked: ParkedStreams
}

/** The dead letters as somebody sees them who works on parked streams, too. */
type Parking = Pick<ParkedStreams, 'park' | 'areParked'>

const heedless = (parked: ParkedStreams, onParked: (fault: Fault) => void): Parking => ({
  areParked: async (_, streams) => streams.map(() => false),
  park: async (stream) => {
    onParked(stream)
    await parked.park(stream)
  },
})

const endOf = async ({ events }: Pick<RebuildDeps, 'events'>, stream: StreamName): Promise<number> => {
  const last = (await events.tail(stream, 1)).at(-1)
  return last === undefined ? 0 : lastVersion(last.commit)
}

/**
 * Brings one stream of a serving view up to its end: a parked one, after what it could not apply was mended. It is let go when the
 * view has all of it, so a crash leaves it parked. Rejects with `RebuildRefused` when there is no such stream, when the view does not
 * read it, or when it still cannot be applied.
 */
export const healBy = async (
  deps: Pick<RebuildDeps, 'events'>,
  { model, progress, apply, parked }: Healing,
  stream: StreamName,
): Promise<Healed> => {
  const name = `${stream.type}/${stream.id} of tenant ${stream.tenant}`
  if (!model.streamTypes.includes(stream.type)) {
    throw new RebuildRefused(`${model.name} reads no streams of type ${stream.type}`)
  }
  const before = await progress(stream)
  const faults: Fault[] = []
  const parking = heedless(parked, (fault) => faults.push(fault))
  for (let through = await endOf(deps, stream); ; ) {
    if (through === 0) throw new RebuildRefused(`there is no stream ${name}`)
    await apply({ stream, through }, parking)
    const [fault] = faults
    if (fault !== undefined) {
      throw new RebuildRefused(`${model.name} cannot apply ${name} from version ${fault.version} on: ${fault.error}`)
    }
    await parked.unpark(model.name, stream)
    // While it was parked, projectors passed over what their feed told of it; if that was anything, it is behind `through`.
    const end = await endOf(deps, stream)
    if (end === through) return { from: before.checkpoint, to: end, wasParked: before.parked }
    through = end
  }
}

/** Heals a stream of a view in Postgres. */
export const heal = (deps: RebuildDeps, model: ReadModel, stream: StreamName): Promise<Healed> => {
  const { pool, decode, events, log } = deps
  const views = postgresViewStore(pool)
  const heedlessViews = ({ park }: Parking) => ({
    ...views,
    park,
    progress: async (projection: string, streams: ReadonlyArray<StreamName>) =>
      (await views.progress(projection, streams)).map(({ checkpoint }) => ({ checkpoint, parked: false })),
  })
  const healing: Healing = {
    model,
    progress: async (one) => (await views.progress(model.name, [one]))[0] ?? { checkpoint: 0, parked: false },
    apply: (ring, parking) =>
      project({ views: heedlessViews(parking), events, log }, model, [{ ...ring, commits: [] }], decode),
    parked: views,
  }
  return healBy(deps, healing, stream)
}
