import { test } from 'vitest'
import { type AdjustmentCommand, adjustment } from '../../domain/adjustment/index.ts'
import { type CreditNoteCommand, creditNote } from '../../domain/credit-note/index.ts'
import { type StockCommand, stock } from '../../domain/stock/index.ts'
import type { AdjustmentEvent } from '../../schemas/events/adjustment.ts'
import type { CreditNoteEvent } from '../../schemas/events/credit-note.ts'
import type { StockEvent } from '../../schemas/events/stock.ts'
import { givenFor, happened, rejected } from './given.ts'

const note = {
  creditNoteId: 'C536379',
  orderId: null,
  customerId: '14527',
  country: 'United Kingdom',
  currency: 'GBP',
  issuedAt: '2010-12-01T09:41:00.000Z',
  lines: [{ sku: 'D', description: 'Discount', quantity: 1, unitPrice: '27.5' }],
}
const issue: CreditNoteCommand = { type: 'IssueCreditNote', ...note }
const issued: CreditNoteEvent = { type: 'CreditNoteIssued', schemaVersion: 1, data: { ...note, total: '27.5' } }

test('a credit note is issued once', () => {
  givenFor(creditNote)().when(issue).then(happened(issued))
  givenFor(creditNote)(issued).when(issue).then(rejected('CreditNoteIdTaken'))
})

const booking = {
  adjustmentId: 'A563186',
  customerId: null,
  country: 'United Kingdom',
  amount: { amount: '-11062.06', currency: 'GBP' },
  reason: 'Adjust bad debt',
  bookedAt: '2011-08-12T14:51:00.000Z',
}
const book: AdjustmentCommand = { type: 'BookAdjustment', ...booking }
const booked: AdjustmentEvent = { type: 'AdjustmentBooked', schemaVersion: 1, data: booking }

test('an adjustment is booked once', () => {
  givenFor(adjustment)().when(book).then(happened(booked))
  givenFor(adjustment)(booked).when(book).then(rejected('AdjustmentIdTaken'))
})

const adjusted = (quantity: number): StockEvent => ({
  type: 'StockAdjusted',
  schemaVersion: 1,
  data: { sku: '21777', quantity, reason: 'count' },
})
const adjust = (quantity: number): StockCommand => ({ type: 'AdjustStock', sku: '21777', quantity, reason: 'count' })

test('stock is adjusted either way, below zero too: the book says what was written off', () => {
  givenFor(stock)(adjusted(5))
    .when(adjust(-10))
    .then(happened(adjusted(-10)))
})

test('stock that no exact whole number can tell is rejected', () => {
  givenFor(stock)(adjusted(Number.MAX_SAFE_INTEGER)).when(adjust(1)).then(rejected('StockOutOfRange'))
})
