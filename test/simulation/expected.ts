import { expect } from 'vitest'
import { partitionKeyOf } from '../../infra/event-store/keys.ts'
import { type Commit, lastVersion, type StreamName } from '../../infra/event-store/port.ts'
import type { VersionedProduct } from '../../infra/search/port.ts'
import type { MemoryViewStore } from '../../infra/views/memory.ts'
import { productSearch } from '../../projections/views/product-search.ts'
import { expectTablesOf } from '../projections/projector-under-test.ts'
import { naiveProducts } from '../projections/search-projector-under-test.ts'
import type { Build, Obstacle } from './builds.ts'

type Blocked = Obstacle & { readonly stream: StreamName }

/** What a projection can come to hold of the commits, and at what in which streams it stops. */
type Reachable = { readonly commits: ReadonlyArray<Commit>; readonly blocked: ReadonlyArray<Blocked> }

const reachable = (build: Build, projection: string, commits: ReadonlyArray<Commit>): Reachable => {
  const blocked = new Map<string, Blocked>()
  const held = commits.filter((commit) => {
    const key = partitionKeyOf(commit.stream)
    if (blocked.has(key)) return false
    const obstacle = build.obstacle(projection, commit)
    if (obstacle === undefined) return true
    blocked.set(key, { ...obstacle, stream: commit.stream })
    return false
  })
  return { commits: held, blocked: [...blocked.values()] }
}

const byStream = <A extends { readonly stream: StreamName }>(all: ReadonlyArray<A>): ReadonlyArray<A> =>
  all.toSorted((one, other) => (partitionKeyOf(one.stream) < partitionKeyOf(other.stream) ? -1 : 1))

const expectParked = async (
  views: MemoryViewStore,
  projection: string,
  blocked: ReadonlyArray<Blocked>,
): Promise<void> => {
  const parked = byStream(await views.parked(projection)).map(({ stream, version, error }) => ({
    stream,
    version,
    error,
  }))
  expect(parked, `parked in ${projection}`).toEqual(
    byStream(blocked).map(({ stream, version, error }) => ({ stream, version, error: expect.stringMatching(error) })),
  )
}

/** Every checkpoint stands at the end of what the projection can hold of its stream. */
const expectCheckpoints = async (
  views: MemoryViewStore,
  projection: string,
  all: ReadonlyArray<Commit>,
  held: ReadonlyArray<Commit>,
): Promise<void> => {
  const streams = [...new Map(all.map(({ stream }) => [partitionKeyOf(stream), stream])).values()]
  const ends = new Map(held.map((commit) => [partitionKeyOf(commit.stream), lastVersion(commit)]))
  const progress = await views.progress(projection, streams)
  expect(
    progress.map(({ checkpoint }) => checkpoint),
    `checkpoints of ${projection}`,
  ).toEqual(streams.map((stream) => ends.get(partitionKeyOf(stream)) ?? 0))
}

/** Views and documents are the fold of every commit that the build can apply, and only streams with another one are parked. */
export const expectFold = async (
  build: Build,
  commits: ReadonlyArray<Commit>,
  views: MemoryViewStore,
  documents: ReadonlyArray<VersionedProduct>,
): Promise<void> => {
  for (const model of build.projections) {
    const all = commits.filter(({ stream }) => model.streamTypes.includes(stream.type))
    const { commits: held, blocked } = reachable(build, model.name, all)
    await expectParked(views, model.name, blocked)
    await expectCheckpoints(views, model.name, all, held)
    await expectTablesOf(model, held, views.rows)
  }
  const products = commits.filter(({ stream }) => stream.type === 'product')
  const { commits: held, blocked } = reachable(build, productSearch.name, products)
  await expectParked(views, productSearch.name, blocked)
  expect(new Set(documents)).toEqual(new Set(naiveProducts(held)))
}
