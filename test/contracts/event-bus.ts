import { describe, expect, test } from 'vitest'
import { EVENT_LIMIT, type EventBus } from '../../infra/relay/port.ts'
import type { CloudEvent } from '../../schemas/integration/cloud-event.ts'

/** A public event that differs from others by its id; with data of so many characters. */
export const cloudEvent = (id: string, characters = 0, character = 'x'): CloudEvent => ({
  specversion: '1.0',
  id,
  source: '/daybook/test/acme',
  type: 'com.daybook.order.placed.v1',
  subject: `order/${id}`,
  time: '2026-01-01T00:00:00.000Z',
  datacontenttype: 'application/json',
  dataschema: 'urn:daybook:schema:com.daybook.order.placed.v1',
  tenant: 'acme',
  correlationid: 'correlation',
  streamversion: 1,
  data: { text: character.repeat(characters) },
})

export type BusUnderTest = {
  readonly bus: EventBus
  /** What is on the bus, each event as often as it was put there. */
  readonly sent: () => Promise<ReadonlyArray<unknown>>
}

const tagsOf = (outcomes: ReadonlyArray<{ readonly _tag: string }>) => outcomes.map(({ _tag }) => _tag)

/** What every bus keeps. `connect` gives one that is empty; `away` one that cannot be reached. */
export const eventBusContract = (
  name: string,
  connect: () => Promise<BusUnderTest>,
  away: (() => Promise<EventBus>) | null,
): void => {
  describe(`the event bus ${name}`, () => {
    test('takes nothing', async () => {
      const { bus, sent } = await connect()
      expect(await bus.put([])).toEqual([])
      expect(await sent()).toEqual([])
    })

    test('takes any number of events, as they are and in their order', async () => {
      const { bus, sent } = await connect()
      const events = Array.from({ length: 37 }, (_, index) => cloudEvent(`many-${index}`, index * 100, 'é'))
      expect(tagsOf(await bus.put(events))).toEqual(events.map(() => 'Sent'))
      expect(await sent()).toEqual(events)
    })

    test('takes events that are too large for one request together', async () => {
      const { bus, sent } = await connect()
      const events = [0.9, 0.3, 0.3, 0.5, 0.9].map((part, index) => cloudEvent(`large-${index}`, part * EVENT_LIMIT))
      expect(tagsOf(await bus.put(events))).toEqual(events.map(() => 'Sent'))
      expect(await sent()).toEqual(events)
    })

    test('refuses an event that is too large, and takes those around it', async () => {
      const { bus, sent } = await connect()
      const small = [cloudEvent('before'), cloudEvent('behind')] as const
      const outcomes = await bus.put([small[0], cloudEvent('huge', EVENT_LIMIT / 2, 'é'), small[1]])
      expect(tagsOf(outcomes)).toEqual(['Sent', 'Refused', 'Sent'])
      expect(outcomes[1]).toMatchObject({
        reason: expect.stringMatching(/^it has \d+ bytes, and a bus takes 1000000$/),
      })
      expect(await sent()).toEqual(small)
    })

    // What is in memory is never away.
    if (away === null) return
    test('that is away fails every event, and does not reject', async () => {
      const outcomes = await (await away()).put([cloudEvent('1'), cloudEvent('2')])
      expect(tagsOf(outcomes)).toEqual(['Failed', 'Failed'])
    })
  })
}
