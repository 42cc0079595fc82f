import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { type GivenUpRecord, readGivenUp } from '../../../infra/feeds/given-up-batch.ts'
import { NotRedriven, redrive } from '../../../infra/feeds/redrive.ts'

const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:daybook-dev-project-views:live'

const recordOf = (sequence: string): GivenUpRecord => ({
  eventSource: 'aws:dynamodb',
  dynamodb: { SequenceNumber: sequence, Keys: { pk: { S: `acme#order#${sequence}` }, sk: { N: '1' } } },
})

const sequenceOf = (record: GivenUpRecord | undefined): string =>
  record?.eventSource === 'aws:dynamodb' ? record.dynamodb.SequenceNumber : ''

const batchOf = (...sequences: ReadonlyArray<string>) => ({
  functionArn: ARN,
  condition: 'RetryAttemptsExhausted',
  invocations: 6,
  records: sequences.map(recordOf),
})

/** A function that takes a batch unless one of `poison` is in it. */
const engines = (poison: ReadonlyArray<string>, canPark = true) => {
  const parked: Array<string> = []
  const retried: Array<number> = []
  return {
    parked,
    retried,
    retry: async (_: string, records: ReadonlyArray<GivenUpRecord>) => {
      retried.push(records.length)
      return !records.some((record) => poison.includes(sequenceOf(record)))
    },
    park: async (_: string, record: GivenUpRecord) => {
      if (canPark) parked.push(sequenceOf(record))
      return canPark
    },
  }
}

test('a batch that is taken now is done with by one invocation', async () => {
  const deps = engines([])
  expect(await redrive(deps, batchOf('1', '2', '3'))).toEqual({ taken: 3, parked: 0 })
  expect(deps).toMatchObject({ retried: [3], parked: [] })
})

test('of a batch that fails again, what is taken alone is taken, and the rest is parked', async () => {
  const deps = engines(['2'])
  expect(await redrive(deps, batchOf('1', '2', '3'))).toEqual({ taken: 2, parked: 1 })
  expect(deps.parked).toEqual(['2'])
})

test('a single record that fails again is not tried a third time', async () => {
  const deps = engines(['1'])
  expect(await redrive(deps, batchOf('1'))).toEqual({ taken: 0, parked: 1 })
  expect(deps.retried).toEqual([1])
})

test('what can neither be taken nor parked is kept: the batch comes again', async () => {
  await expect(redrive(engines(['1'], false), batchOf('1'))).rejects.toBeInstanceOf(NotRedriven)
})

const kept = (change: object = {}) =>
  JSON.stringify({
    requestContext: { functionArn: ARN, condition: 'RetryAttemptsExhausted', approximateInvokeCount: 6 },
    payload: JSON.stringify({ Records: [{ ...recordOf('7'), awsRegion: 'eu-west-1' }] }),
    ...change,
  })

test('records come back as they were given, whatever else they hold', () => {
  const read = readGivenUp(kept())
  expect(E.isRight(read) && read.right).toMatchObject({
    functionArn: ARN,
    invocations: 6,
    records: [{ ...recordOf('7'), awsRegion: 'eu-west-1' }],
  })
})

test.each([
  ['{', 'the object is not JSON'],
  [kept({ payload: undefined }), 'the object/payload is required'],
  [kept({ payload: '[' }), 'its payload is not JSON'],
  [kept({ payload: '{"Records":[{}]}' }), expect.stringMatching(/^its payload\/Records\/0 must be /)],
])('what is no such object is named: %s', (text, fault) => {
  expect(readGivenUp(text)).toEqual({ _tag: 'Left', left: fault })
})
