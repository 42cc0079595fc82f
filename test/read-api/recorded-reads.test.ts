import { expect, test } from 'vitest'
import { readOperations } from '../../read-api/operations.ts'
import { noEvents, noSearch } from './asking.ts'
import { realClock } from './views.ts'

const noEngine = () => Promise.reject(new Error('describing asks no engine'))

test('histories are recorded as reads of the audit trail, and orders where they are asked for by customer', () => {
  const operations = readOperations({
    asReader: noEngine,
    readsOf: () => ({ query: noEngine }),
    events: noEvents,
    search: noSearch,
    clock: realClock,
  })
  const recorded = operations.filter(({ records }) => records !== undefined)
  expect(recorded.map(({ operationId, records, recordsAbout }) => [operationId, records, recordsAbout?.name])).toEqual([
    ['listOrders', 'personal', 'customerId'],
    ['getOrderHistory', 'audit', undefined],
    ['getInvoiceHistory', 'audit', undefined],
    ['getCreditNoteHistory', 'audit', undefined],
    ['getAdjustmentHistory', 'audit', undefined],
    ['getProductHistory', 'audit', undefined],
    ['getStockHistory', 'audit', undefined],
  ])
})
