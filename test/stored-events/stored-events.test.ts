import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import type { Aggregate } from '../../commands/aggregate.ts'
import * as aggregates from '../../commands/aggregates.ts'
import { assumeEmpty, foldCommit } from '../../commands/load.ts'
import { processSteps } from '../../commands/processes/process-steps.ts'
import { positionBehind } from '../../infra/event-store/commit.ts'
import { commitOfImage, isOffloaded } from '../../infra/event-store/item.ts'
import type { Commit } from '../../infra/event-store/port.ts'
import { emptyStream } from '../../infra/event-store/position.ts'
import { eventCodecs } from '../../projections/event-codecs.ts'
import { readModel } from '../../projections/read-model.ts'
import { recordedEventsOf } from '../../projections/recorded.ts'
import { postgresProjections } from '../../projections/registry.ts'
import { productSearch } from '../../projections/views/product-search.ts'
import { UpcastingType } from '../../schemas/events/upcasting.ts'
import { fileNameOf, storedEventFiles, storedImage } from './files.ts'

const storedCommit = (file: string): Commit => {
  const commit = commitOfImage(storedImage(file))
  if (E.isLeft(commit)) throw commit.left
  if (isOffloaded(commit.right)) throw new Error(`the events of ${file} are not in it`)
  return commit.right
}

const folding = <S, C, Ev, R>(aggregate: Aggregate<S, C, Ev, R>) => ({
  streamType: aggregate.streamType,
  /** The state behind a commit, as commands see it. */
  fold: (commit: Commit): unknown => {
    const empty = assumeEmpty({ emptyStream }, aggregate, commit.stream)
    return foldCommit(aggregate, empty, { commit, position: positionBehind(commit) }).state
  },
})

const all = [...Object.values(aggregates), processSteps]
const { products, stockLevels, orders, creditNotes, adjustments, invoices } = aggregates
const folds = [
  folding(products),
  folding(stockLevels),
  folding(orders),
  folding(creditNotes),
  folding(adjustments),
  folding(invoices),
  folding(processSteps),
]

/** Every event type of every stream type, in its version of today. */
const eventsOfToday = all.flatMap(({ streamType, event }) => {
  if (!(event instanceof UpcastingType)) throw new Error(`the events of ${streamType} have no chains of upcasters`)
  return event.events.map(({ eventType, schemaVersion }) => ({ type: String(eventType), schemaVersion }))
})

describe.each(storedEventFiles())('the stored bytes of %s', (file) => {
  test('are intact, and hold the event that their name tells', () => {
    expect(storedCommit(file).events.map(({ type, schemaVersion }) => fileNameOf(type, schemaVersion))).toContain(file)
  })

  test("decode as today's events, which every read model of their stream takes", () => {
    const commit = storedCommit(file)
    const decoded = recordedEventsOf(eventCodecs)(commit)
    if (E.isLeft(decoded)) throw new Error(decoded.left.reason)
    for (const { event } of decoded.right) {
      expect(eventsOfToday).toContainEqual({ type: event.type, schemaVersion: event.schemaVersion })
    }
    for (const { streamTypes, changesOf } of [...postgresProjections, readModel(productSearch)]) {
      if (streamTypes.includes(commit.stream.type)) expect(() => decoded.right.flatMap(changesOf)).not.toThrow()
    }
  })

  test('fold into the state that commands decide on', () => {
    const commit = storedCommit(file)
    const { fold } = folds.find(({ streamType }) => streamType === commit.stream.type) ?? {}
    expect(fold?.(commit)).toBeDefined()
  })
})

describe('the stored events', () => {
  test('are all that ever were: each type in each version up to today’s (record.ts records a new one)', () => {
    const everything = eventsOfToday.flatMap(({ type, schemaVersion }) =>
      Array.from({ length: schemaVersion }, (_, before) => fileNameOf(type, before + 1)),
    )
    expect(storedEventFiles().toSorted()).toEqual(everything.toSorted())
  })

  test('are of every aggregate', () => {
    expect(folds.map(({ streamType }) => streamType).toSorted()).toEqual(
      all.map(({ streamType }) => streamType).toSorted(),
    )
  })

  test('are stored both as text and packed', () => {
    const attributes = storedEventFiles().map((file) => Object.keys(storedImage(file)['events'] ?? {}).join())
    expect(new Set(attributes)).toEqual(new Set(['S', 'B']))
  })
})
