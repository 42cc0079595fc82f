import { describe, expect, test } from 'vitest'
import type { StoredEvent } from '../../../infra/event-store/port.ts'
import { memoryViewStore } from '../../../infra/views/memory.ts'
import { readModel } from '../../../projections/read-model.ts'
import { sales } from '../../../projections/views/sales.ts'
import { orderCancelled, orderPlaced, writableStore } from '../commits.ts'
import { projectorOf } from '../projector-under-test.ts'
import { eventOf } from '../stream-records.ts'

/** The rows of a sales view after these events, without their tenant. */
const salesAfter = async (...events: ReadonlyArray<readonly [type: string, id: string, event: StoredEvent]>) => {
  const store = writableStore()
  const views = memoryViewStore()
  const commits = []
  for (const [type, id, event] of events) commits.push(await store.append({ tenant: 'acme', type, id }, event))
  await projectorOf({ projections: [readModel(sales)], views, events: store.events })(eventOf(commits))
  expect(await views.parked('sales')).toEqual([])
  return views.rows('sales').map(({ tenant: _, ...row }) => row)
}

const line = (sku: string, quantity: number, unitPrice: string) => ({ sku, description: null, quantity, unitPrice })
const noted = (more: { readonly [field: string]: unknown }) => ({
  creditNoteId: 'C1',
  orderId: null,
  customerId: null,
  country: null,
  currency: 'GBP',
  issuedAt: '2011-01-31T23:59:59.999Z',
  lines: [line('A', 2, '1.25')],
  total: '2.5',
  ...more,
})

const there = { currency: 'GBP', day: '2010-12-01' }

describe('sales', () => {
  test('an order counts once per dimension and once per SKU, its identical lines all, to the fraction of a penny', async () => {
    const lines = [line('A', 1, '0.001'), line('A', 1, '0.001'), line('b', 3, '2.55')]
    expect(await salesAfter(['order', '1', orderPlaced('1', { lines })])).toEqual([
      { dimension: 'day', key: '', ...there, invoices: 1, units: 5, gross: '7.652' },
      { dimension: 'country', key: 'United Kingdom', ...there, invoices: 1, units: 5, gross: '7.652' },
      { dimension: 'customer', key: '17850', ...there, invoices: 1, units: 5, gross: '7.652' },
      { dimension: 'product', key: 'A', ...there, invoices: 1, units: 2, gross: '0.002' },
      { dimension: 'product', key: 'b', ...there, invoices: 1, units: 3, gross: '7.65' },
    ])
  })

  test('a cancelled order leaves nothing but zeros', async () => {
    const rows = await salesAfter(['order', '1', orderPlaced('1')], ['order', '1', orderCancelled('1')])
    expect(rows.map(({ invoices, units, gross }) => ({ invoices, units, gross }))).toEqual(
      rows.map(() => ({ invoices: 0, units: 0, gross: '0' })),
    )
    expect(rows).toHaveLength(4)
  })

  test('a credit note counts negative, on the UTC day of its issue, under the empty key where it names nobody', async () => {
    const credits = { currency: 'GBP', day: '2011-01-31', credit_notes: 1, units: -2, credits: '-2.5' }
    expect(
      await salesAfter(['credit-note', 'C1', { type: 'CreditNoteIssued', schemaVersion: 1, data: noted({}) }]),
    ).toEqual([
      { dimension: 'day', key: '', ...credits },
      { dimension: 'country', key: '', ...credits },
      { dimension: 'customer', key: '', ...credits },
      { dimension: 'product', key: 'A', ...credits },
    ])
  })

  test('an adjustment is booked in its own currency, and under no product', async () => {
    const data = {
      adjustmentId: 'A1',
      customerId: '13047',
      country: null,
      amount: { amount: '-11062.06', currency: 'EUR' },
      reason: 'bad debt',
      bookedAt: '2011-08-12T14:50:00.000Z',
    }
    const booked = { currency: 'EUR', day: '2011-08-12', bookings: 1, adjustments: '-11062.06' }
    expect(await salesAfter(['adjustment', 'A1', { type: 'AdjustmentBooked', schemaVersion: 1, data }])).toEqual([
      { dimension: 'day', key: '', ...booked },
      { dimension: 'country', key: '', ...booked },
      { dimension: 'customer', key: '13047', ...booked },
      { dimension: 'product', key: '', ...booked },
    ])
  })
})
