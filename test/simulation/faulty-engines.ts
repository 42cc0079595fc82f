import type { EventStore } from '../../infra/event-store/port.ts'
import type { Rebuilds } from '../../infra/rebuild/port.ts'
import type { ProductDocuments } from '../../infra/search/port.ts'
import { type Advance, RejectedChanges, type ViewCommit, type ViewStore } from '../../infra/views/port.ts'
import { EngineAway, type Step } from './simulated-process.ts'

/** An event store as a process sees it: every commit that it reads is an await. */
export const faultyReads = (events: Pick<EventStore, 'read'>, step: Step): Pick<EventStore, 'read'> => ({
  read: async function* (stream, range) {
    await step('read', async () => {})
    for await (const slice of events.read(stream, range)) {
      yield slice
      await step('read on', async () => {})
    }
  },
})

/** How many commits of its stream an advance is made of. */
export type CommitsOf = (advance: Advance) => number

/** Together they are too much for one statement; each commit alone is not. */
const tooMuchAtOnce = async ({ advances }: ViewCommit, commitsOf: CommitsOf): Promise<never> => {
  const commits = advances.reduce((sum, advance) => sum + commitsOf(advance), 0)
  if (commits > 1) throw new RejectedChanges('too much at once')
  throw new EngineAway('the engine is away')
}

export const faultyViews = (views: ViewStore, step: Step, commitsOf: CommitsOf): ViewStore => ({
  progress: (projection, streams) => step(`progress of ${projection}`, () => views.progress(projection, streams)),
  commit: (commit) =>
    step(
      `commit to ${commit.projection.name}`,
      () => views.commit(commit),
      () => tooMuchAtOnce(commit, commitsOf),
    ),
  park: (parked) => step(`park in ${parked.projection}`, () => views.park(parked)),
  unpark: (projection, stream) => step(`unpark in ${projection}`, () => views.unpark(projection, stream)),
  parked: (projection) => step(`parked in ${projection}`, () => views.parked(projection)),
  areParked: (projection, streams) => step(`are parked in ${projection}`, () => views.areParked(projection, streams)),
})

export const faultySearch = (search: ProductDocuments, step: Step): ProductDocuments => ({
  read: (keys) => step('read documents', () => search.read(keys)),
  write: (products) => {
    const [first, ...others] = products
    const half = async () => {
      const failures = await search.write(others)
      return first ? [...failures, { tenant: first.tenant, sku: first.sku, reason: 'busy', retryable: true }] : failures
    }
    return step('write documents', () => search.write(products), half)
  },
})

export const faultyRebuilds = ({ underWay, ring }: Rebuilds, step: Step): Rebuilds => ({
  underWay: () => step('rebuilds under way', underWay),
  ring: (projection, doorbells) => step(`ring for the rebuild of ${projection}`, () => ring(projection, doorbells)),
})
