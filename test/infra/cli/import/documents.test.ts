import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { type Documents, documentsOf, productCommand } from '../../../../infra/cli/import/documents.ts'
import type { Row } from '../../../../infra/cli/import/row.ts'

const row = (change: Partial<Row> = {}): Row => ({
  line: 2,
  invoice: '536365',
  sku: '71053',
  description: 'WHITE METAL LANTERN',
  quantity: 6,
  at: '2010-12-01T08:26:00.000Z',
  unitPrice: '3.39',
  currency: 'GBP',
  customerId: '17850',
  country: 'United Kingdom',
  ...change,
})

const asInvoice = (first: Row, ...others: ReadonlyArray<Row>) =>
  documentsOf({ number: first.invoice, rows: [first, ...others] })

const documents = (first: Row, ...others: ReadonlyArray<Row>): Documents => {
  const made = asInvoice(first, ...others)
  if (E.isLeft(made)) throw new Error(made.left.join('; '))
  return made.right
}

const obstacles = (first: Row, ...others: ReadonlyArray<Row>): ReadonlyArray<string> => {
  const made = asInvoice(first, ...others)
  return E.isLeft(made) ? made.left : []
}

test('a sale is an order with its lines in the order of the file, identical and free ones included', () => {
  const free = row({ sku: '84406B', description: null, unitPrice: '0', quantity: 1, at: '2010-12-01T08:20:00.000Z' })
  expect(documents(row(), free, row())).toEqual({
    commands: [
      {
        kind: 'order',
        id: '536365',
        path: '/v1/orders',
        key: 'online-retail:order:536365',
        body: {
          orderId: '536365',
          customerId: '17850',
          country: 'United Kingdom',
          currency: 'GBP',
          placedAt: '2010-12-01T08:20:00.000Z',
          lines: [
            {
              sku: '71053',
              description: 'WHITE METAL LANTERN',
              quantity: 6,
              unitPrice: { amount: '3.39', currency: 'GBP' },
            },
            { sku: '84406B', quantity: 1, unitPrice: { amount: '0', currency: 'GBP' } },
            {
              sku: '71053',
              description: 'WHITE METAL LANTERN',
              quantity: 6,
              unitPrice: { amount: '3.39', currency: 'GBP' },
            },
          ],
        },
        skus: ['71053', '84406B'],
      },
    ],
    notes: [],
  })
})

test('a C invoice is a credit note with positive quantities', () => {
  const { commands } = documents(row({ invoice: 'C536379', quantity: -1, customerId: null }))
  expect(commands).toMatchObject([
    {
      kind: 'creditNote',
      path: '/v1/credit-notes',
      key: 'online-retail:credit-note:C536379',
      body: { creditNoteId: 'C536379', issuedAt: '2010-12-01T08:26:00.000Z', lines: [{ sku: '71053', quantity: 1 }] },
    },
  ])
  expect(commands[0]?.body).not.toHaveProperty('customerId')
})

test('an A invoice is an adjustment by the exact sum of its rows', () => {
  const bad = row({ invoice: 'A563186', sku: 'B', description: 'Adjust bad debt', quantity: 1, unitPrice: '-11062.06' })
  const { commands } = documents(bad, { ...bad, quantity: 3, unitPrice: '0.001' })
  expect(commands).toMatchObject([
    {
      kind: 'adjustment',
      path: '/v1/adjustments',
      key: 'online-retail:adjustment:A563186',
      body: {
        adjustmentId: 'A563186',
        amount: { amount: '-11062.057', currency: 'GBP' },
        reason: 'Adjust bad debt',
        bookedAt: '2010-12-01T08:26:00.000Z',
      },
      skus: [],
    },
  ])
})

test('rows below zero outside C and A are stock adjustments, one a row, beside the order of the others', () => {
  const lost = row({ quantity: -10, unitPrice: '0', description: null, sku: 'DCGS 0003' })
  const { commands } = documents(lost, row(), { ...lost, description: 'damages' })
  expect(commands.map(({ kind, path, key, body }) => ({ kind, path, key, body }))).toMatchObject([
    { kind: 'order', body: { lines: [{ sku: '71053', quantity: 6 }] } },
    {
      kind: 'stockAdjustment',
      path: '/v1/stock/DCGS%200003/adjustments',
      key: 'online-retail:stock:536365:1',
      body: { quantity: -10, reason: 'invoice 536365: write-off' },
    },
    {
      key: 'online-retail:stock:536365:3',
      body: { quantity: -10, reason: 'invoice 536365: damages' },
    },
  ])
})

test('the value of a priced write-off is left out, and said to be', () => {
  expect(documents(row({ quantity: -10, unitPrice: '2' })).notes).toEqual([
    'line 2: a write-off has no value, its price of 2 was left out',
  ])
})

test('rows that disagree on customer or country follow the first that names one, with a note', () => {
  const { commands, notes } = documents(
    row({ customerId: null, country: 'France' }),
    row({ customerId: '12583' }),
    row({ customerId: '17850' }),
  )
  expect(commands).toMatchObject([{ body: { customerId: '12583', country: 'France' } }])
  expect(notes).toEqual([
    'its rows name several customers or none; took 12583',
    'its rows name several countries or none; took France',
  ])
})

test('what the API cannot express is refused with its line', () => {
  expect(obstacles(row(), row({ line: 3, quantity: 0 }))).toEqual(['line 3: a quantity cannot be 0'])
  expect(obstacles(row({ invoice: 'C1', quantity: 2 }))).toEqual([
    'line 2: a credit note takes back, so its quantity cannot be 2',
  ])
  expect(obstacles(row(), row({ currency: 'EUR' }))).toEqual(['its rows are in several currencies'])
  expect(obstacles(row({ sku: 'a/b' }))[0]).toMatch(/^line 2: StockCode "a\/b" cannot be a SKU/)
  expect(obstacles(row({ invoice: 'n°1' }))[0]).toMatch(/^its number cannot be an id/)
  expect(obstacles(row({ customerId: 'a/b' }))).toEqual(['CustomerID "a/b" cannot be an id'])
})

test('another telling of a product is another command, the same telling the same', () => {
  const product = { sku: '71053', name: 'LANTERN', price: { amount: '3.39', currency: 'GBP' } }
  expect(productCommand(product).key).toBe(productCommand({ ...product }).key)
  expect(productCommand({ ...product, name: 'LAMP' }).key).not.toBe(productCommand(product).key)
})
