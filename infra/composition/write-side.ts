import { setTimeout as sleep } from 'node:timers/promises'
import { commandOperations } from '../../commands/http/operations.ts'
import type { WriteDependencies } from '../../commands/http/write.ts'
import { numbering } from '../../commands/numbering.ts'
import { SNAPSHOT_POLICY, type Snapshotting } from '../../commands/snapshotting.ts'
import { type WarmStreams, warmStreams } from '../../commands/warm-streams.ts'
import type { Operation } from '../../schemas/endpoint.ts'
import { backOff } from '../back-off.ts'
import { jitteredPauses } from '../decorrelated-jitter.ts'
import type { TransactionalEventStore } from '../event-store/transaction-port.ts'
import { businessFigures } from '../metrics/business.ts'
import { measuredEventStore } from '../metrics/measured-event-store.ts'
import type { Metrics } from '../metrics/port.ts'
import { privateEventStore } from '../privacy/private-event-store.ts'
import type { Privacy } from '../privacy/private-events.ts'
import { dynamoRequestKeys } from '../request-keys/dynamo.ts'
import { dynamoSnapshots } from '../snapshots/dynamo.ts'
import { tracedEventStore } from '../tracing/traced-event-store.ts'
import { newUlid } from '../ulids.ts'
import { type StoreEngines, writingStore } from './event-store.ts'

/** Between tries that others were in the way of: about the time that a few transactions take. */
const CONTENTION_PAUSES = { baseMs: 5, capMs: 100 }

export type WriteEngines = {
  readonly engines: StoreEngines
  readonly tables: { readonly reservations: string; readonly requests: string; readonly snapshots: string }
  readonly privacy: Privacy
  readonly background: Snapshotting['background']
  readonly metrics: Metrics
}

export type WriteSide = {
  /** What is personal stands in the open for whoever reads from it. */
  readonly store: TransactionalEventStore
  readonly warm: WarmStreams
  /** What carries out commands beside those of HTTP. */
  readonly writing: WriteDependencies
  readonly operations: ReadonlyArray<Operation>
}

/** Every command of the HTTP API, on an event store that seals what is personal. */
export const writeSide = ({ engines, tables, privacy, background, metrics }: WriteEngines): WriteSide => {
  const { client } = engines
  const pauses = jitteredPauses(CONTENTION_PAUSES, Math.random, sleep)
  const now = () => performance.now()
  const plain = privateEventStore(writingStore(engines, tables.reservations, pauses), privacy)
  const store = measuredEventStore(tracedEventStore(plain), { metrics, now, appended: businessFigures(metrics) })
  const warm = warmStreams()
  const writing: WriteDependencies = {
    store,
    backOff,
    warm,
    numbering: numbering(pauses),
    snapshotting: {
      snapshots: dynamoSnapshots(client, tables.snapshots),
      ...SNAPSHOT_POLICY,
      now,
      background,
    },
    keys: dynamoRequestKeys(client, tables.requests),
    clock: () => new Date(),
    newId: newUlid,
    metrics,
  }
  return { store, warm, writing, operations: commandOperations(writing) }
}
