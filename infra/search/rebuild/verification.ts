import { isDeepStrictEqual } from 'node:util'
import type { Row } from '../../../projections/change.ts'
import type { RecordedEventsOf } from '../../../projections/recorded.ts'
import { keyOf, productSearchModel, streamOf } from '../../../projections/search-project.ts'
import type { EventStore } from '../../event-store/port.ts'
import { RebuildRefused } from '../../rebuild/refusal.ts'
import { changesOf } from '../../rebuild/verification.ts'
import { applyTo } from '../../views/memory.ts'
import type { Held, ProductDocuments } from '../port.ts'
import type { Survey } from './survey.ts'

export type IndexVerification = {
  readonly events: Pick<EventStore, 'read'>
  readonly decode: RecordedEventsOf
  readonly documents: Pick<ProductDocuments, 'read'>
}

/** What a product's events make of it, read anew and applied one after the other. */
const expectedOf = async ({ events, decode }: IndexVerification, { tenant, sku, version }: Held) => {
  const changes = await changesOf(
    { events, decode, model: productSearchModel },
    { stream: streamOf({ tenant, sku }), version },
  )
  const tables = new Map<string, Map<string, Row>>()
  applyTo(tables, changes)
  const [row] = [...tables.values()].flatMap((rows) => [...rows.values()])
  if (row === undefined) return null
  const { tenant: _, ...document } = row
  return document
}

/**
 * Rejects with `RebuildRefused` when the index does not stand for exactly the events that were folded, or when a document of the
 * sample is not what its events say.
 */
export const verifyIndex = async (
  work: IndexVerification,
  { counts, sample }: Survey,
  eventsFolded: number,
): Promise<void> => {
  if (counts.events !== eventsFolded) {
    throw new RebuildRefused(`its documents stand for ${counts.events - eventsFolded} events more than were folded`)
  }
  const found = new Map((await work.documents.read(sample)).map((product) => [keyOf(product), product]))
  const differences: string[] = []
  for (const held of sample) {
    const expected = await expectedOf(work, held)
    const product = found.get(keyOf(held))
    if (product?.version === held.version && isDeepStrictEqual(product.document, expected)) continue
    const told = product === undefined ? 'nothing' : JSON.stringify(product.document)
    differences.push(`${held.tenant} ${held.sku}: ${told} instead of ${JSON.stringify(expected)}`)
  }
  const [first, ...more] = differences
  if (first !== undefined) {
    throw new RebuildRefused(`${1 + more.length} of the documents that were folded again differ, the first: ${first}`)
  }
}
