import { commitOfImage } from '../../infra/event-store/item.ts'
import { partitionKeyOf } from '../../infra/event-store/keys.ts'
import { type Commit, lastVersion, type StreamName } from '../../infra/event-store/port.ts'
import { destinationRecord } from '../../infra/feeds/destination-record.ts'
import { noRebuilds } from '../../infra/rebuild/port.ts'
import { searchProjector } from '../../projections/search-projector.ts'
import { productSearch } from '../../projections/views/product-search.ts'
import { projectorOf, silent } from '../projections/projector-under-test.ts'
import { kinesisRecordOf } from '../projections/search-projector-under-test.ts'
import { recordOf } from '../projections/stream-records.ts'
import type { Build } from './builds.ts'
import { type Consumer, startConsumer } from './consumer.ts'
import { type CommitsOf, faultyReads, faultyRebuilds, faultySearch, faultyViews } from './faulty-engines.ts'
import { type SimulatedPositions, simulatedPositions } from './simulated-positions.ts'
import type { Plan, World } from './world.ts'

/** Two of each kind: as while a new build takes over from an old one, or two runners both believe that a shard is theirs. */
const VIEWS = ['views-1', 'views-2']
const SEARCH = ['search-1', 'search-2']

export type Kept = ReadonlyMap<string, SimulatedPositions>

export const nothingKept = (): Kept => new Map([...VIEWS, ...SEARCH].map((name) => [name, simulatedPositions()]))

const inViews =
  ({ views }: World, { projections }: Build) =>
  async (commit: Commit): Promise<boolean> => {
    const concerned = projections.filter(({ streamTypes }) => streamTypes.includes(commit.stream.type))
    const progress = await Promise.all(concerned.map(({ name }) => views.progress(name, [commit.stream])))
    return progress.flat().every(({ checkpoint, parked }) => parked || checkpoint >= lastVersion(commit))
  }

const inSearch =
  ({ views, search }: World) =>
  async (commit: Commit): Promise<boolean> => {
    const { tenant, type, id } = commit.stream
    if (!productSearch.streamTypes.includes(type)) return true
    const asked = [views.areParked(productSearch.name, [commit.stream]), search.read([{ tenant, sku: id }])] as const
    const [[parked], [held]] = await Promise.all(asked)
    return parked === true || (held?.version ?? 0) >= lastVersion(commit)
  }

const commitsIn =
  ({ store }: World): CommitsOf =>
  ({ stream, from, to }) =>
    store
      .commits()
      .filter((commit) => partitionKeyOf(commit.stream) === partitionKeyOf(stream))
      .filter(({ version }) => from < version && version <= to).length

/** The projectors of a build, each in two processes that go on from `kept`. */
export const deploy = (world: World, build: Build, plan: Plan, kept: Kept): ReadonlyArray<Consumer> => {
  const { chance, clock, violated, store } = world
  const common = (name: string) => ({
    name,
    chance,
    clock,
    violated,
    positions: kept.get(name) ?? simulatedPositions(),
  })
  const views = VIEWS.map((name) =>
    startConsumer({
      ...common(name),
      feed: world.table,
      plan: plan.toViews,
      isHandled: inViews(world, build),
      toEvent: (records) => ({
        Records: records.map(({ payload, sequenceNumber }) => recordOf(payload, sequenceNumber)),
      }),
      handlerOf: (step) =>
        projectorOf({
          ...build,
          views: faultyViews(build.guardViews(world.views), step, commitsIn(world)),
          events: faultyReads(store, step),
          rebuilds: faultyRebuilds(noRebuilds, step),
        }),
    }),
  )
  const search = SEARCH.map((name) =>
    startConsumer({
      ...common(name),
      feed: world.kinesis,
      plan: plan.toSearch,
      isHandled: inSearch(world),
      toEvent: (records) => ({
        Records: records.map(({ payload, sequenceNumber }) =>
          kinesisRecordOf(destinationRecord(recordOf(payload, sequenceNumber), 'pk').data, sequenceNumber),
        ),
      }),
      handlerOf: (step) =>
        searchProjector({
          search: faultySearch(build.guardSearch(world.search), step),
          events: faultyReads(store, step),
          parked: faultyViews(world.views, step, commitsIn(world)),
          commitOfImage,
          rebuilds: faultyRebuilds(noRebuilds, step),
          log: silent,
        }),
    }),
  )
  return [...views, ...search]
}

type Parked = { readonly projection: string; readonly stream: StreamName }

export const parkedStreams = async ({ views }: World, { projections }: Build): Promise<ReadonlyArray<Parked>> => {
  const all = await Promise.all([...projections, productSearch].map(({ name }) => views.parked(name)))
  return all.flat().map(({ projection, stream }) => ({ projection, stream }))
}

/** Rings for each of these streams as its next commit would: its last one comes again. */
export const ring = ({ store, publish }: World, parked: ReadonlyArray<Parked>): void => {
  const ends = new Map(store.commits().map((commit) => [partitionKeyOf(commit.stream), commit]))
  for (const key of new Set(parked.map(({ stream }) => partitionKeyOf(stream)))) {
    const end = ends.get(key)
    if (end !== undefined) publish(end)
  }
}
