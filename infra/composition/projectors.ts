import type {
  DynamoDBBatchResponse,
  DynamoDBStreamEvent,
  KinesisStreamBatchResponse,
  KinesisStreamEvent,
} from 'aws-lambda'
import type { Pool } from 'pg'
import { eventCodecs } from '../../projections/event-codecs.ts'
import { postgresProjector } from '../../projections/postgres-projector.ts'
import { postgresProjections } from '../../projections/registry.ts'
import { searchProjector } from '../../projections/search-projector.ts'
import { archiveIn } from '../archive/archive.ts'
import type { ArchiverDeps } from '../archive/archiver.ts'
import { commitOfImage } from '../event-store/item.ts'
import type { EventStore } from '../event-store/port.ts'
import type { Logger } from '../log/logger.ts'
import type { Metrics } from '../metrics/port.ts'
import { measuredParking, projectionMeasures } from '../metrics/projection-measures.ts'
import type { ConditionalObjects } from '../objects/port.ts'
import { privateReads } from '../privacy/private-event-store.ts'
import { openingOf, type Privacy } from '../privacy/private-events.ts'
import { postgresRebuilds } from '../rebuild/postgres-rings.ts'
import type { ProductSearch } from '../search/port.ts'
import { postgresViewStore } from '../views/postgres.ts'
import { postgresParkedStreams } from '../views/postgres-parked.ts'

type Projecting = {
  /** Of `projectorPool`. */
  readonly pool: Pool
  /** What is personal is sealed in it. */
  readonly events: Pick<EventStore, 'read' | 'tail'>
  readonly log: Logger
  readonly metrics: Metrics
}

/** Fills the views of Postgres. */
export const viewsProjector = ({
  pool,
  events,
  privacy,
  log,
  metrics,
}: Projecting & { readonly privacy: Privacy }): ((event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>) =>
  postgresProjector({
    projections: postgresProjections,
    codecs: eventCodecs,
    views: measuredParking(postgresViewStore(pool), metrics),
    events: privateReads(events, privacy),
    commitOfImage,
    open: openingOf(privacy).commits,
    rebuilds: postgresRebuilds(pool),
    measures: projectionMeasures(metrics, Date.now),
    log,
  })

/** Fills the search index, which is prepared; what it cannot take is parked in Postgres. */
export const productsProjector = ({
  pool,
  events,
  search,
  log,
  metrics,
}: Projecting & { readonly search: ProductSearch }): ((
  event: KinesisStreamEvent,
) => Promise<KinesisStreamBatchResponse>) =>
  searchProjector({
    search,
    events,
    commitOfImage,
    parked: measuredParking(postgresParkedStreams(pool), metrics),
    rebuilds: postgresRebuilds(pool),
    measures: projectionMeasures(metrics, Date.now),
    log,
  })

/** What archives commits; what it cannot take is parked in Postgres. */
export const archiving = ({
  pool,
  events,
  objects,
  log,
  metrics,
}: Projecting & { readonly objects: ConditionalObjects }): ArchiverDeps => ({
  archive: archiveIn(objects),
  events,
  commitOfImage,
  parked: measuredParking(postgresParkedStreams(pool), metrics),
  log,
})
