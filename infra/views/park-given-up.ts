import * as E from 'fp-ts/lib/Either.js'
import { tableRecordOf } from '../../projections/destination-records.ts'
import { type Ring, ringOf } from '../../projections/doorbell.ts'
import { noStream } from '../../projections/no-stream.ts'
import type { StreamName } from '../event-store/port.ts'
import type { GivenUpRecord } from '../feeds/given-up-batch.ts'
import type { ViewStore } from './port.ts'

/** What a function's mapping gave up concerns these projections; only views in Postgres can tell how far they have come. */
export type Concerned = {
  readonly name: string
  /** Undefined: streams of every type. */
  readonly streamTypes?: ReadonlyArray<string>
  readonly tellsProgress: boolean
}

const idOf = (record: GivenUpRecord): string =>
  record.eventSource === 'aws:kinesis' ? record.kinesis.sequenceNumber : record.dynamodb.SequenceNumber

/** Undefined where a record does not name a stream and a version. */
const ringIn = (record: GivenUpRecord): Ring | undefined => {
  if (record.eventSource === 'aws:dynamodb') return ringOf(record)
  const told = tableRecordOf(record, () => false)
  return E.isRight(told) ? ringOf(told.right) : undefined
}

const lacks = async (
  views: ViewStore,
  { name, tellsProgress }: Concerned,
  { stream, version }: Ring,
): Promise<boolean> => {
  if (!tellsProgress) return true
  const [progress] = await views.progress(name, [stream])
  return progress === undefined || progress.checkpoint < version
}

/**
 * Parks the stream of a record that was given up, in every projection that reads it and does not hold the commit; what names no stream
 * is parked under its own id. Rejects when Postgres is away.
 */
export const parkGivenUp = async (
  views: ViewStore,
  concerned: ReadonlyArray<Concerned>,
  record: GivenUpRecord,
  error: string,
): Promise<void> => {
  const ring = ringIn(record)
  const park = (projection: string, stream: StreamName, version: number) =>
    views.park({ projection, stream, version, error })
  for (const each of concerned) {
    if (ring === undefined) await park(each.name, noStream(idOf(record)), 0)
    else if (each.streamTypes?.includes(ring.stream.type) === false) continue
    else if (await lacks(views, each, ring)) await park(each.name, ring.stream, ring.version)
  }
}
