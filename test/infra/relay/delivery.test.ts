import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { cloudEventsOf } from '../../../infra/relay/cloud-events.ts'
import { publishing } from '../../../infra/relay/registry.ts'
import { type DaybookEvent, eventCodecs, personalData } from '../../../projections/event-codecs.ts'
import type { CloudEvent } from '../../../schemas/integration/cloud-event.ts'
import { commandHistories, historyOf } from '../../projections/event-histories.ts'
import { kinesisEventOf } from '../../projections/search-projector-under-test.ts'
import { faultsOfCloudEvent } from '../../schemas/integration/cloud-events-spec.ts'
import { deliverToEnd, relayOf } from './relay-under-test.ts'

const cloudEvents = cloudEventsOf<DaybookEvent>({
  codecs: eventCodecs,
  publishing,
  personal: personalData,
  stage: 'test',
})

/** Ids of events by stream, each where it first came. */
const firstDeliveries = (events: ReadonlyArray<CloudEvent>): { readonly [stream: string]: ReadonlyArray<string> } => {
  const streams = new Map<string, Set<string>>()
  for (const { source, subject, id } of events) {
    const stream = `${source} ${subject}`
    streams.set(stream, (streams.get(stream) ?? new Set()).add(id))
  }
  return Object.fromEntries([...streams].map(([stream, ids]) => [stream, [...ids]]))
}

test('whatever fails, each public event is on the bus at least once, and those of a stream first came in its order', async () => {
  const fates = fc.constantFrom('sent' as const, 'sent' as const, 'failed' as const, 'unanswered' as const)
  await fc.assert(
    fc.asyncProperty(
      commandHistories(40),
      fc.infiniteStream(fates),
      fc.infiniteStream(fc.nat(9)),
      async (steps, fate, cuts) => {
        const { events, commits } = await historyOf(steps)
        const { handle, sent, refused } = relayOf({ events }, () => fate.next().value ?? 'sent')
        const { Records: records } = kinesisEventOf(commits)
        for (let at = 0; at < records.length; ) {
          const end = at + 1 + (cuts.next().value ?? 0)
          // Lambda may deliver a batch anew that was dealt with to its end.
          const times = (cuts.next().value ?? 0) > 7 ? 2 : 1
          for (let time = 0; time < times; time += 1) await deliverToEnd(handle, { Records: records.slice(at, end) })
          at = end
        }
        const told = commits
          .filter(({ stream }) => Object.hasOwn(eventCodecs, stream.type))
          .flatMap((commit) => E.getOrElse((): ReadonlyArray<CloudEvent> => [])(cloudEvents(commit)))
        expect(firstDeliveries(sent())).toEqual(firstDeliveries(told))
        const byId = new Map(told.map((event) => [event.id, event]))
        for (const event of sent()) expect(event).toEqual(byId.get(event.id))
        expect(told.flatMap(faultsOfCloudEvent)).toEqual([])
        expect(refused()).toEqual([])
      },
    ),
    { numRuns: 150 },
  )
})
