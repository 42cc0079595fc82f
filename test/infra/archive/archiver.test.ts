import type { DynamoDBRecord } from 'aws-lambda'
import { expect, test } from 'vitest'
import { archiveIn } from '../../../infra/archive/archive.ts'
import type { ArchiverDeps } from '../../../infra/archive/archiver.ts'
import { kinesisArchiver } from '../../../infra/archive/on-kinesis.ts'
import { tableStreamArchiver } from '../../../infra/archive/on-table-stream.ts'
import { commitOfImage } from '../../../infra/event-store/item.ts'
import { type Commit, CorruptCommit } from '../../../infra/event-store/port.ts'
import { destinationRecord } from '../../../infra/feeds/destination-record.ts'
import { memoryObjects } from '../../../infra/objects/memory.ts'
import { memoryViewStore } from '../../../infra/views/memory.ts'
import { kinesisRecordOf } from '../../projections/search-projector-under-test.ts'
import { recordOf } from '../../projections/stream-records.ts'
import { type Step, storeOf } from './commits-in-time.ts'
import { type Fate, failingObjects } from './failing-objects.ts'
import { readAll } from './reading.ts'

const steps: ReadonlyArray<Step> = ['a1', 'b1', 'a1', 'a2', 'b1'].map((stream) => ({ stream, afterMs: 1_000 }))

/** An archiver by each of the feeds on what `change` makes of each commit's record. */
const feeds = {
  kinesis: (deps: ArchiverDeps, records: ReadonlyArray<DynamoDBRecord>) =>
    kinesisArchiver(deps)({
      Records: records.map((record, index) => kinesisRecordOf(destinationRecord(record, 'pk').data, String(index + 9))),
    }),
  'the table stream': (deps: ArchiverDeps, records: ReadonlyArray<DynamoDBRecord>) =>
    tableStreamArchiver(deps)({ Records: [...records] }),
}
type Feed = keyof typeof feeds
const both: ReadonlyArray<Feed> = ['kinesis', 'the table stream']

const composed = async (fate: () => Fate = () => 'done') => {
  const { events, commits } = await storeOf(steps)
  const objects = memoryObjects()
  const views = memoryViewStore()
  const told: string[] = []
  const note = (message: string): void => {
    told.push(message)
  }
  const deps: ArchiverDeps = {
    archive: archiveIn(failingObjects(objects, fate)),
    events,
    commitOfImage,
    parked: views,
    log: { warn: note, error: note },
  }
  return { deps, commits, objects, told, parked: () => views.parked('archive') }
}

const recordsOf = (commits: ReadonlyArray<Commit>): ReadonlyArray<DynamoDBRecord> =>
  commits.map((commit, index) => recordOf(commit, index + 9))

const withImage = (
  record: DynamoDBRecord,
  change: NonNullable<DynamoDBRecord['dynamodb']>['NewImage'],
): DynamoDBRecord => ({
  ...record,
  dynamodb: { ...record.dynamodb, NewImage: { ...record.dynamodb?.NewImage, ...change } },
})

test.each(both)('by %s every commit of every tenant is archived as it is', async (feed) => {
  const { deps, commits, objects } = await composed()
  const records = recordsOf(commits)
  expect(await feeds[feed](deps, [...records.toReversed(), ...records])).toEqual({ batchItemFailures: [] })
  expect(await readAll(objects)).toEqual(commits)
})

test.each(both)('by %s a batch comes again as long as the storage is away, and nothing is parked', async (feed) => {
  let away = true
  const { deps, commits, objects, told, parked } = await composed(() => (away ? 'lost' : 'done'))
  const failed = { batchItemFailures: [{ itemIdentifier: '9' }] }
  expect(await feeds[feed](deps, recordsOf(commits))).toEqual(failed)
  expect(told).toEqual(['archiving failed, its batch is to come again'])
  away = false
  expect(await feeds[feed](deps, recordsOf(commits))).toEqual({ batchItemFailures: [] })
  expect(await readAll(objects)).toEqual(commits)
  expect(await parked()).toEqual([])
})

test.each(both)('by %s what comes without its events, or altered, is taken from the event store', async (feed) => {
  const { deps, commits, objects } = await composed()
  const changes = [{ events: { S: '[]' } }, { hash: { S: 'x' } }, { format: { N: '9' } }, { subject: { S: 'other' } }]
  const records = recordsOf(commits).map((record, index) => withImage(record, changes[index]))
  expect(await feeds[feed](deps, records)).toEqual({ batchItemFailures: [] })
  expect(await readAll(objects)).toEqual(commits)
})

test.each(both)(
  'by %s a commit that the event store cannot vouch for is parked, and the others are archived',
  async (feed) => {
    const { deps, commits, objects, parked } = await composed()
    const read: ArchiverDeps['events']['read'] = async function* (stream, range) {
      if (stream.id === 'a2') throw new CorruptCommit(stream, 1, 'its hash does not match its content')
      if (stream.id === 'a1') yield* deps.events.read(stream, range)
    }
    const records = recordsOf(commits).map((record) => withImage(record, { hash: { S: 'x' } }))
    expect(await feeds[feed]({ ...deps, events: { read } }, records)).toEqual({ batchItemFailures: [] })
    expect(await readAll(objects)).toEqual(commits.filter(({ stream }) => stream.id === 'a1'))
    expect((await parked()).map(({ stream, version, error }) => [stream.id, version, error])).toEqual([
      ['b1', 2, 'the event store does not have it'],
      ['a2', 1, 'commit acme/order/a2@1 is corrupt: its hash does not match its content'],
    ])
  },
)

test.each(both)('by %s changes and removals, which a commit never sees, are no commits', async (feed) => {
  const { deps, commits, objects } = await composed()
  const [insert = {}, modify = {}, remove = {}] = recordsOf(commits)
  await feeds[feed](deps, [insert, { ...modify, eventName: 'MODIFY' }, { ...remove, eventName: 'REMOVE' }])
  expect(await readAll(objects)).toEqual(commits.slice(0, 1))
})

test('records of Kinesis that cannot be read are parked under their numbers', async () => {
  const { deps, commits, objects, parked } = await composed()
  const [record] = recordsOf(commits)
  const Records = [
    kinesisRecordOf('no JSON', '1'),
    kinesisRecordOf('{"eventName":"INSERT"}', '2'),
    kinesisRecordOf(
      destinationRecord(
        { ...record, dynamodb: { ...record?.dynamodb, Keys: { pk: { S: 'x' }, sk: { N: '1' } } } },
        'pk',
      ).data,
      '3',
    ),
    kinesisRecordOf(destinationRecord(record ?? {}, 'pk').data, '4'),
  ]
  expect(await kinesisArchiver(deps)({ Records })).toEqual({ batchItemFailures: [] })
  expect((await parked()).map(({ stream, version }) => [stream.id, version])).toEqual([
    ['1', 0],
    ['2', 0],
    ['3', 0],
  ])
  expect(await readAll(objects)).toEqual(commits.slice(0, 1))
})

test('when nothing can be parked the batch comes again', async () => {
  const { deps } = await composed()
  const away = { park: () => Promise.reject(new Error('no Postgres')) }
  expect(await kinesisArchiver({ ...deps, parked: away })({ Records: [kinesisRecordOf('no JSON', '1')] })).toEqual({
    batchItemFailures: [{ itemIdentifier: '1' }],
  })
})

test('a batch is archived piece by piece when it is more than memory should hold', async () => {
  const large = Array.from({ length: 5 }, () => ({ stream: 'a1', afterMs: 1, data: { text: 'x'.repeat(7_000_000) } }))
  const { events, commits } = await storeOf(large)
  const sizes: number[] = []
  const archive = {
    add: async (added: ReadonlyArray<Commit>) => {
      sizes.push(added.length)
    },
  }
  const { deps } = await composed()
  await tableStreamArchiver({ ...deps, events, archive })({ Records: [...recordsOf(commits)] })
  expect(sizes).toEqual([3, 2])
})
