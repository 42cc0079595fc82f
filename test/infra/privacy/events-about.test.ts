import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { CorruptCommit } from '../../../infra/event-store/port.ts'
import type { CommitScan } from '../../../infra/event-store/scan.ts'
import { eventsAbout } from '../../../infra/privacy/events-about.ts'
import { personalData, personalStreamTypes } from '../../../projections/event-codecs.ts'
import { exportSubject } from '../../../read-api/subjects/export-subject.ts'
import { orderCancelled, orderPlaced, orderStream, writableStore } from '../../projections/commits.ts'
import { askingOf } from '../../read-api/asking.ts'
import { memoryScan } from '../rebuild/memory-scan.ts'

const exportOf = (scan: CommitScan) => askingOf([exportSubject(eventsAbout(scan, personalData, personalStreamTypes))])

const trade = async () => {
  const { append } = writableStore()
  return [
    await append(orderStream('2'), orderPlaced('2'), orderCancelled('2')),
    await append(orderStream('1'), orderPlaced('1')),
    await append({ ...orderStream('1'), tenant: 'beta' }, orderPlaced('1')),
    await append(orderStream('3'), orderPlaced('3', { customerId: '178' })),
    await append(orderStream('4'), orderPlaced('4', { customerId: null })),
  ]
}

test('people are in orders, credit notes, adjustments and invoices', () => {
  expect(personalStreamTypes).toEqual(['order', 'credit-note', 'adjustment', 'invoice'])
})

test('an export holds all events about a customer of the tenant, oldest first, and no others', async () => {
  const commits = await trade()
  const answer = await exportOf(memoryScan(() => commits))('exportSubject', { params: { id: '17850' } })
  if (E.isLeft(answer)) throw new Error(answer.left.code)
  expect(answer.right.body).toMatchObject({
    subject: '17850',
    events: [
      { streamId: '2', version: 1, type: 'OrderPlaced', data: { orderId: '2' }, time: commits[0]?.time },
      { streamId: '2', version: 2, type: 'OrderCancelled', data: { reason: 'damaged' } },
      { streamType: 'order', streamId: '1', version: 1, commitId: commits[1]?.commitId },
    ],
  })
})

test('whom no event is about is not found', async () => {
  const commits = await trade()
  const ask = exportOf(memoryScan(() => commits))
  expect(await ask('exportSubject', { params: { id: '1785' } })).toMatchObject(E.left({ code: 'subject_not_found' }))
})

test('an export that would miss what cannot be read fails', async () => {
  const corrupt: CommitScan = async function* () {
    const commit = E.left(new CorruptCommit(orderStream('1'), 1, 'altered'))
    yield { commits: [{ stream: orderStream('1'), version: 1, commit }], read: 1, units: 1 }
  }
  await expect(exportOf(corrupt)('exportSubject', { params: { id: '1' } })).rejects.toThrow(CorruptCommit)
})
