import { expect, test } from 'vitest'
import { CorruptCommit, EventStoreFault, InvalidDraft } from '../../../infra/event-store/port.ts'
import { faultProblem } from '../../../infra/http/fault-problem.ts'
import { ObjectStorageFault } from '../../../infra/objects/port.ts'

const stream = { tenant: 'acme', type: 'order', id: '1' }

test('a draft that cannot be stored is our own error: nobody is told to try again, or what was in it', () => {
  const problem = faultProblem(new InvalidDraft(stream, '/events/0/data/secret', 'is NaN, which JSON cannot carry'))
  expect(problem).toMatchObject({ status: 500, code: 'internal_error' })
  expect(JSON.stringify(problem)).not.toContain('secret')
})

test('object storage that is away is a part of the system that is away', () => {
  const cause = new ObjectStorageFault('connect ECONNREFUSED')
  expect(faultProblem(new EventStoreFault('reading large events failed', 'unavailable', { cause }))).toMatchObject({
    status: 503,
    code: 'unavailable',
    headers: { 'Retry-After': '1' },
  })
})

test('a corrupt commit is named, and is no reason to come back', () => {
  expect(faultProblem(new CorruptCommit(stream, 3, 'its object is missing'))).toMatchObject({
    status: 500,
    code: 'corrupt_commit',
    detail: expect.stringContaining('acme/order/1@3'),
  })
})

const named = (name: string, fields: object = {}) =>
  Object.assign(new Error('User: arn:aws:sts::1:role is not authorized'), { name, ...fields })

test.each([
  ['DynamoDB', new EventStoreFault('reading failed', 'refused', { cause: named('AccessDeniedException') })],
  ['S3', new ObjectStorageFault('reading failed', { cause: named('AccessDenied') })],
  ['Postgres', named('error', { code: '28000' })],
  ['OpenSearch', named('ResponseError', { statusCode: 403 })],
])('%s that does not let us in is away for whoever asks, who is not told more', (_, fault) => {
  const problem = faultProblem(fault)
  expect(problem).toMatchObject({ status: 503, code: 'unavailable' })
  expect(JSON.stringify(problem)).not.toContain('arn')
})

test('what the event store refuses otherwise is our own error', () => {
  expect(
    faultProblem(new EventStoreFault('reading failed', 'refused', { cause: named('ValidationException') })),
  ).toMatchObject({ status: 500 })
})
