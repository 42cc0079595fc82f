import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { EventStoreFault } from '../../../infra/event-store/port.ts'
import { destinationRecord } from '../../../infra/feeds/destination-record.ts'
import { EVENT_LIMIT } from '../../../infra/relay/port.ts'
import { CloudEvent } from '../../../schemas/integration/cloud-event.ts'
import { orderCancelled, orderPlaced, orderStream, unknownEvent, writableStore } from '../../projections/commits.ts'
import { kinesisEventOf, kinesisRecordOf } from '../../projections/search-projector-under-test.ts'
import { recordOf } from '../../projections/stream-records.ts'
import { faultsOfCloudEvent } from '../../schemas/integration/cloud-events-spec.ts'
import { relayOf } from './relay-under-test.ts'

const nothingFailed = { batchItemFailures: [] }
const idsOf = (sent: ReadonlyArray<CloudEvent>) =>
  sent.map(({ subject, streamversion }) => `${subject}@${streamversion}`)

test('an order is relayed as a CloudEvent, without the customer', async () => {
  const { events, append } = writableStore()
  const commit = await append(orderStream('A 1'), orderPlaced('A 1'))
  const { handle, sent } = relayOf({ events })
  expect(await handle(kinesisEventOf([commit]))).toEqual(nothingFailed)
  expect(sent()).toEqual([
    {
      specversion: '1.0',
      id: `${commit.commitId}-0`,
      source: '/daybook/test/acme',
      type: 'com.daybook.order.placed.v1',
      subject: 'order/A 1',
      time: '2026-01-01T00:00:00.000Z',
      datacontenttype: 'application/json',
      dataschema: 'urn:daybook:schema:com.daybook.order.placed.v1',
      tenant: 'acme',
      correlationid: 'correlation',
      streamversion: 1,
      data: {
        orderId: 'A 1',
        country: 'United Kingdom',
        currency: 'GBP',
        placedAt: '2010-12-01T08:26:00.000Z',
        lines: [{ sku: '85123A', quantity: 6, unitPrice: '2.55' }],
        total: '15.3',
      },
    },
  ])
  expect(sent().map(faultsOfCloudEvent)).toEqual([[]])
  expect(sent().map((event) => E.isRight(CloudEvent.decode(event)))).toEqual([true])
})

test.each([
  ['pii1:0123456789012345678901:c2VhbGVk', 'sealed'],
  ['erased-0123456789abcdef', 'forgotten'],
  ['17850', 'stored before names were sealed'],
])('a customer who is %s (%s) is relayed under no name', async (customerId) => {
  const { events, append } = writableStore()
  const commit = await append(orderStream('1'), orderPlaced('1', { customerId }), orderCancelled('1'))
  const { handle, sent, refused } = relayOf({ events })
  expect(await handle(kinesisEventOf([commit]))).toEqual(nothingFailed)
  expect(idsOf(sent())).toEqual(['order/1@1', 'order/1@2'])
  expect(JSON.stringify(sent())).not.toMatch(/customer|pii1|erased|17850|damaged/)
  expect(refused()).toEqual([])
})

test('what is internal is not relayed: adjustments, and streams that are no aggregate', async () => {
  const { events, append } = writableStore()
  const amount = { amount: '-1', currency: 'GBP' }
  const booked = { adjustmentId: '1', customerId: null, country: null, amount, reason: 'bad debt' }
  const commits = [
    await append(
      { tenant: 'acme', type: 'adjustment', id: '1' },
      { type: 'AdjustmentBooked', schemaVersion: 1, data: { ...booked, bookedAt: '2010-12-01T00:00:00.000Z' } },
    ),
    await append({ tenant: 'acme', type: 'access-log', id: '1' }, unknownEvent),
  ]
  const { handle, sent, refused } = relayOf({ events })
  expect(await handle(kinesisEventOf(commits))).toEqual(nothingFailed)
  expect([sent(), refused()]).toEqual([[], []])
})

test('the bytes of a commit that its record does not bring, or brings altered, come from the event store', async () => {
  const { events, append } = writableStore()
  const commits = [await append(orderStream('1'), orderPlaced('1')), await append(orderStream('2'), orderPlaced('2'))]
  const changes = [{ events: { S: '[]' } }, { format: { N: '9' } }]
  const Records = commits.map((commit, index) => {
    const { dynamodb, ...record } = recordOf(commit, index + 1)
    const image = { ...dynamodb?.NewImage, ...changes[index] }
    return kinesisRecordOf(
      destinationRecord({ ...record, dynamodb: { ...dynamodb, NewImage: image } }, 'pk').data,
      `${index}`,
    )
  })
  const { handle, sent } = relayOf({ events })
  expect(await handle({ Records })).toEqual(nothingFailed)
  expect(idsOf(sent())).toEqual(['order/1@1', 'order/2@1'])
})

test('what can never be relayed is refused, and what lies around it is relayed', async () => {
  const { events, append } = writableStore()
  const lines = Array.from({ length: 22_000 }, () => ({
    sku: '85123A',
    description: null,
    quantity: 6,
    unitPrice: '2.55',
  }))
  const commits = [
    await append(orderStream('1'), orderPlaced('1', { lines })),
    await append(orderStream('1'), orderCancelled('1')),
    await append(orderStream('2'), unknownEvent),
    await append(orderStream('3'), orderPlaced('3')),
  ]
  const { Records } = kinesisEventOf(commits)
  const { handle, sent, refused } = relayOf({ events })
  expect(await handle({ Records: [kinesisRecordOf('no JSON', '1'), ...Records] })).toEqual(nothingFailed)
  expect(idsOf(sent()).toSorted()).toEqual(['order/1@2', 'order/3@1'])
  expect(refused()).toEqual([
    { tenant: '?', type: '?', id: '1', version: 0, reason: 'its data is not JSON' },
    {
      ...{ tenant: 'acme', type: 'order', id: '2', version: 1 },
      reason: expect.stringContaining('unknown event OrderTeleported of schema 1'),
    },
    {
      ...{ tenant: 'acme', subject: 'order/1', version: 1, eventId: `${commits[0]?.commitId}-0` },
      reason: expect.stringMatching(`and a bus takes ${EVENT_LIMIT}`),
    },
  ])
})

test('only events that failed are put again', async () => {
  const { events, append } = writableStore()
  const commits = [await append(orderStream('1'), orderPlaced('1')), await append(orderStream('2'), orderPlaced('2'))]
  const puts: string[] = []
  const { handle, sent } = relayOf({ events }, ({ subject }) => {
    puts.push(subject)
    return subject === 'order/1' && puts.length < 5 ? 'failed' : 'sent'
  })
  expect(await handle(kinesisEventOf(commits))).toEqual(nothingFailed)
  expect(puts).toEqual(['order/1', 'order/2', 'order/1', 'order/1', 'order/1'])
  expect(idsOf(sent())).toEqual(['order/2@1', 'order/1@1'])
})

test('where an event fails for too long, its record comes again, and nothing behind it in its stream was put', async () => {
  const { events, append } = writableStore()
  const commits = [
    await append(orderStream('1'), orderPlaced('1')),
    await append(orderStream('2'), orderPlaced('2')),
    await append(orderStream('2'), orderCancelled('2')),
    await append(orderStream('3'), orderPlaced('3')),
  ]
  let puts = 0
  const { handle, sent } = relayOf({ events }, ({ subject }) => {
    puts += subject === 'order/2' ? 1 : 0
    return subject === 'order/2' ? 'failed' : 'sent'
  })
  expect(await handle(kinesisEventOf(commits))).toEqual({ batchItemFailures: [{ itemIdentifier: '10' }] })
  expect([idsOf(sent()), puts]).toEqual([['order/1@1', 'order/3@1'], 5])
})

test('where the event store is away, what comes before is relayed, and the record that needs it comes again', async () => {
  const { append } = writableStore()
  const [first, second] = [
    await append(orderStream('1'), orderPlaced('1')),
    await append(orderStream('2'), orderPlaced('2')),
  ]
  const { dynamodb, ...record } = recordOf(second)
  const withoutImage = { ...record, dynamodb: { Keys: dynamodb?.Keys ?? {} } }
  const Records = [
    ...kinesisEventOf([first]).Records,
    kinesisRecordOf(destinationRecord(withoutImage, 'pk').data, '10'),
    ...kinesisEventOf([second]).Records,
  ]
  const read = () => {
    throw new EventStoreFault('away', 'unavailable')
  }
  const { handle, sent, refused } = relayOf({ events: { read } })
  expect(await handle({ Records })).toEqual({ batchItemFailures: [{ itemIdentifier: '10' }] })
  expect([idsOf(sent()), refused()]).toEqual([['order/1@1'], []])
})
