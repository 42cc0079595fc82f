import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { EventStore, StreamName } from '../../../infra/event-store/port.ts'
import { relayAgain } from '../../../infra/relay/again.ts'
import { EVENT_LIMIT } from '../../../infra/relay/port.ts'
import { publishing } from '../../../infra/relay/registry.ts'
import { type DaybookEvent, eventCodecs, personalData } from '../../../projections/event-codecs.ts'
import type { CloudEvent } from '../../../schemas/integration/cloud-event.ts'
import { orderCancelled, orderPlaced, orderStream, unknownEvent, writableStore } from '../../projections/commits.ts'
import { commandHistories, historyOf } from '../../projections/event-histories.ts'
import { kinesisEventOf } from '../../projections/search-projector-under-test.ts'
import { fatedBus, relayOf } from './relay-under-test.ts'

const againOf = (events: Pick<EventStore, 'read'>, fate?: Parameters<typeof fatedBus>[0]) => {
  const { bus, sent } = fatedBus(fate)
  const deps = { codecs: eventCodecs, publishing, personal: personalData, stage: 'test', pauses: () => async () => {} }
  return {
    again: (stream: StreamName, from = 1) => relayAgain<DaybookEvent>({ ...deps, bus, events }, stream, from),
    sent,
  }
}
const versionsOf = (sent: ReadonlyArray<CloudEvent>) => sent.map(({ streamversion }) => streamversion)

test('a stream is told to the letter as the relay tells it, from a version on, even within a commit', async () => {
  await fc.assert(
    fc.asyncProperty(commandHistories(20), fc.integer({ min: 1, max: 4 }), async (steps, from) => {
      const { events, commits } = await historyOf(steps)
      const first = relayOf({ events })
      await first.handle(kinesisEventOf(commits))
      for (const { stream } of commits) {
        if (!Object.hasOwn(eventCodecs, stream.type)) continue
        const { again, sent } = againOf(events)
        const told = first
          .sent()
          .filter(({ tenant, subject }) => tenant === stream.tenant && subject === `${stream.type}/${stream.id}`)
          .filter(({ streamversion }) => streamversion >= from)
        expect(await again(stream, from)).toMatchObject({ relayed: told.length, refused: [], failed: null })
        expect(sent()).toEqual(told)
      }
    }),
    { numRuns: 50 },
  )
})

test('what is refused once more is named, and what lies behind it is told', async () => {
  const { events, append } = writableStore()
  const line = { sku: '85123A', description: null, quantity: 6, unitPrice: '2.55' }
  await append(orderStream('1'), orderPlaced('1', { lines: Array.from({ length: 22_000 }, () => line) }))
  await append(orderStream('1'), unknownEvent)
  await append(orderStream('1'), orderCancelled('1'))
  const { again, sent } = againOf(events)
  expect(await again(orderStream('1'))).toEqual({
    commits: 3,
    relayed: 1,
    refused: [
      { version: 1, reason: expect.stringMatching(`and a bus takes ${EVENT_LIMIT}`) },
      { version: 2, reason: expect.stringContaining('unknown event OrderTeleported') },
    ],
    failed: null,
  })
  expect(versionsOf(sent())).toEqual([3])
  expect((await again(orderStream('1'), 3)).refused).toEqual([])
})

test('when the bus fails, nothing behind is put, and it is said how far it came', async () => {
  const { events, append } = writableStore()
  await append(orderStream('1'), orderPlaced('1'))
  await append(orderStream('1'), orderCancelled('1'))
  const { again, sent } = againOf(events, ({ streamversion }) => (streamversion === 1 ? 'failed' : 'sent'))
  expect(await again(orderStream('1'))).toEqual({ commits: 1, relayed: 0, refused: [], failed: 'fate' })
  expect(sent()).toEqual([])
})

test('of a stream that is not there nothing is told', async () => {
  const { again } = againOf(writableStore().events)
  expect(await again(orderStream('none'))).toEqual({ commits: 0, relayed: 0, refused: [], failed: null })
})
