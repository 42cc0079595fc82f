import { partitionKeyOf } from '../infra/event-store/keys.ts'
import type { EventStore, StreamName } from '../infra/event-store/port.ts'
import type { ProductDocuments, ProductKey } from '../infra/search/port.ts'
import type { ParkedStreams } from '../infra/views/port.ts'
import type { Doorbell } from './doorbell.ts'
import { eventCodecs } from './event-codecs.ts'
import type { Log } from './log.ts'
import { pendingOf, type Stuck } from './pending.ts'
import { readModel } from './read-model.ts'
import { recordedEventsOf } from './recorded.ts'
import { type Moved, moved } from './search-document.ts'
import { productSearch } from './views/product-search.ts'

export type SearchProjectDeps = {
  readonly search: ProductDocuments
  readonly events: Pick<EventStore, 'read'>
  readonly parked: Pick<ParkedStreams, 'park' | 'areParked'>
  readonly log: Log
}

export const productSearchModel = readModel(productSearch)
const model = productSearchModel
const decode = recordedEventsOf(eventCodecs)

/** A product's stream is named by its SKU. */
export const streamOf = ({ tenant, sku }: ProductKey): StreamName => ({ tenant, type: 'product', id: sku })
export const keyOf = (key: ProductKey): string => partitionKeyOf(streamOf(key))

export const parkProduct = async (
  { parked, log }: Pick<SearchProjectDeps, 'parked' | 'log'>,
  stream: StreamName,
  { version, error }: Stuck,
): Promise<void> => {
  log.error('stream parked', { projection: model.name, ...stream, version, reason: error })
  await parked.park({ projection: model.name, stream, version, error })
}

/** The document itself is the checkpoint: it carries the version of its stream that it stands for. */
const moves = async (deps: SearchProjectDeps, doorbells: ReadonlyArray<Doorbell>): Promise<ReadonlyArray<Moved>> => {
  const streams = doorbells.map(({ stream }) => stream)
  const parked = await deps.parked.areParked(model.name, streams)
  const free = doorbells.filter((_, index) => parked[index] !== true)
  const held = await deps.search.read(free.map(({ stream }) => ({ tenant: stream.tenant, sku: stream.id })))
  const heldByKey = new Map(held.map((product) => [keyOf(product), product]))
  return Promise.all(
    free.map(async (doorbell) => {
      const before = heldByKey.get(partitionKeyOf(doorbell.stream))
      const pending = await pendingOf(model, deps.events, decode, doorbell, before?.version ?? 0)
      return moved(before?.document ?? null, pending)
    }),
  )
}

/**
 * Brings the documents of an index up to what the doorbells tell of, in one bulk write. Parked streams are left alone, and streams
 * at fault are parked. Answers the streams whose documents the index could not take now; rejects when an engine is away.
 */
export const projectProducts = async (
  deps: SearchProjectDeps,
  doorbells: ReadonlyArray<Doorbell>,
): Promise<ReadonlyArray<StreamName>> => {
  if (doorbells.length === 0) return []
  const moving = await moves(deps, doorbells)
  const failures = await deps.search.write(moving.flatMap(({ product }) => product ?? []))
  const failed = new Map(failures.map((failure) => [keyOf(failure), failure]))
  const again: StreamName[] = []
  for (const move of moving) {
    const failure = failed.get(partitionKeyOf(move.stream))
    if (failure?.retryable) {
      deps.log.warn('document not written, it is to come again', { ...move.stream, reason: failure.reason })
      again.push(move.stream)
    } else {
      const stuck = failure ? { version: move.since, error: failure.reason } : move.stuck
      if (stuck) await parkProduct(deps, move.stream, stuck)
    }
  }
  return again
}
