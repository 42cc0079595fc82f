import { expect, test } from 'vitest'
import { totalOf } from '../../domain/amounts.ts'
import { type OrderCommand, order } from '../../domain/order/index.ts'
import type { OrderEvent } from '../../schemas/events/order.ts'
import { givenFor, happened, rejected } from './given.ts'

const given = givenFor(order)
const line = { sku: '71053', description: null, quantity: 6, unitPrice: '3.39' }
const sale = {
  customerId: '17850',
  country: null,
  currency: 'GBP',
  placedAt: '2010-12-01T08:26:00.000Z',
  lines: [line, line],
}
const place: OrderCommand = { type: 'PlaceOrder', orderId: '536365', ...sale }
const placed: OrderEvent = {
  type: 'OrderPlaced',
  schemaVersion: 1,
  data: { orderId: '536365', ...sale, total: '40.68' },
}
const cancellation = { orderId: '536365', reason: 'changed their mind', cancelledAt: '2010-12-02T00:00:00.000Z' }
const cancel: OrderCommand = { type: 'CancelOrder', ...cancellation }
const cancelled: OrderEvent = {
  type: 'OrderCancelled',
  schemaVersion: 1,
  data: { ...cancellation, ...sale, total: '40.68' },
}

test('an order is placed once, and identical lines each count', () => {
  given().when(place).then(happened(placed))
  given(placed).when(place).then(rejected('OrderIdTaken'))
})

test('a cancellation carries the sale that it takes back', () => {
  given(placed).when(cancel).then(happened(cancelled))
})

test('an order is cancelled once, and only when it is there', () => {
  given(placed, cancelled).when(cancel).then(rejected('OrderIsCancelled'))
  given().when(cancel).then(rejected('OrderNotFound'))
})

test('the id of a cancelled order stays taken', () => {
  given(placed, cancelled).when(place).then(rejected('OrderIdTaken'))
})

test('an order whose total no amount can spell is rejected', () => {
  const dear = { ...line, quantity: 1_000_000_000, unitPrice: '999999999999999' }
  given()
    .when({ ...place, lines: [dear] })
    .then(rejected('TotalOutOfRange'))
})

test('totals are exact where floating point is not', () => {
  expect(totalOf([{ ...line, quantity: 3, unitPrice: '0.1' }])).toBe('0.3')
  expect(
    totalOf([
      { ...line, quantity: 1, unitPrice: '0.001' },
      { ...line, quantity: 1_000_000, unitPrice: '1252776.69' },
    ]),
  ).toBe('1252776690000.001')
})
