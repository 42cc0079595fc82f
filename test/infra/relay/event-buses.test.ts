import { afterAll, describe, expect, test } from 'vitest'
import { eventBridgeBus, eventBridgeClient } from '../../../infra/relay/eventbridge.ts'
import { memoryBus } from '../../../infra/relay/memory.ts'
import { cloudEvent, eventBusContract } from '../../contracts/event-bus.ts'
import { fakeEventBridge } from './fake-eventbridge.ts'

const stops: (() => unknown)[] = []
afterAll(() => {
  for (const stop of stops) stop()
})

const eventBridge = async (answer?: Parameters<typeof fakeEventBridge>[0]) => {
  const fake = await fakeEventBridge(answer)
  stops.push(fake.stop)
  return { ...fake, bus: eventBridgeBus(eventBridgeClient(fake.url), 'daybook-test') }
}

eventBusContract(
  'in memory',
  async () => {
    const bus = memoryBus()
    return { bus, sent: async () => bus.sent() }
  },
  null,
)

eventBusContract(
  'EventBridge',
  async () => {
    const { bus, taken } = await eventBridge()
    return { bus, sent: async () => taken.map(({ Detail }): unknown => JSON.parse(Detail)) }
  },
  async () => eventBridgeBus(eventBridgeClient('http://127.0.0.1:9'), 'daybook-test'),
)

describe('EventBridge', () => {
  test('is told which bus it is for, and what rules match', async () => {
    const { bus, taken } = await eventBridge()
    await bus.put([cloudEvent('1')])
    expect(taken).toEqual([
      expect.objectContaining({
        EventBusName: 'daybook-test',
        Source: 'com.daybook',
        DetailType: 'com.daybook.order.placed.v1',
        Time: Date.parse('2026-01-01T00:00:00Z') / 1_000,
      }),
    ])
  })

  test('gets ten entries a request at the most', async () => {
    const { bus, requests } = await eventBridge()
    await bus.put(Array.from({ length: 23 }, (_, index) => cloudEvent(String(index))))
    expect(requests).toEqual([10, 10, 3])
  })

  test('that answers 200 for a request of which entries failed fails these alone', async () => {
    const { bus, taken } = await eventBridge(({ Detail }) => {
      if (Detail.includes('"id":"1"')) return { ErrorCode: 'ThrottlingException', ErrorMessage: 'Rate exceeded' }
      return Detail.includes('"id":"3"')
        ? { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' }
        : 'taken'
    })
    expect(await bus.put(['0', '1', '2', '3', '4'].map((id) => cloudEvent(id)))).toEqual([
      { _tag: 'Sent' },
      { _tag: 'Failed', reason: 'ThrottlingException: Rate exceeded' },
      { _tag: 'Sent' },
      { _tag: 'Refused', reason: 'MalformedDetail: Detail is malformed.' },
      { _tag: 'Sent' },
    ])
    expect(taken).toHaveLength(3)
  })
})
