import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { describe, expect, test } from 'vitest'
import { personalData } from '../../projections/event-codecs.ts'
import { nullable } from '../../schemas/nullable.ts'
import { personal, personalDataIn, personalFieldsOf, subjectId } from '../../schemas/personal.ts'
import { ClientId, text } from '../../schemas/text.ts'

test('customers are the people whom Daybook’s events are about, and nothing else of today’s is personal', () => {
  const aboutCustomer = { subject: 'customerId', fields: ['customerId'] }
  expect(Object.fromEntries(personalData)).toEqual({
    OrderPlaced: aboutCustomer,
    OrderCancelled: aboutCustomer,
    CreditNoteIssued: aboutCustomer,
    AdjustmentBooked: aboutCustomer,
    InvoiceIssued: aboutCustomer,
    InvoiceVoided: aboutCustomer,
    PersonalDataRead: { subject: 'subjectId', fields: ['subjectId'] },
  })
})

describe('fields are personal', () => {
  test('where their codecs say so, nullable or not', () => {
    const props = { who: nullable(subjectId(ClientId)), name: personal(text(1, 9)), place: t.string }
    expect(personalFieldsOf('Met', props)).toEqual({ subject: 'who', fields: ['who', 'name'] })
    expect(personalFieldsOf('Left', { place: t.string })).toBeUndefined()
  })

  test('of one person alone: events that name none, or two, do not load', () => {
    expect(() => personalFieldsOf('Met', { name: personal(ClientId) })).toThrow('Met must name one person')
    expect(() => personalFieldsOf('Met', { a: subjectId(ClientId), b: subjectId(ClientId) })).toThrow(TypeError)
  })

  test('in every version that ever was', () => {
    const versions = [
      { eventType: 'Met', personal: { subject: 'who', fields: ['who'] } },
      { eventType: 'Met', personal: { subject: 'who', fields: ['who', 'name'] } },
    ]
    expect(personalDataIn(versions).get('Met')?.fields).toEqual(['who', 'name'])
    const other = { eventType: 'Met', personal: { subject: 'name', fields: ['name'] } }
    expect(() => personalDataIn([...versions, other])).toThrow('versions of Met name different people')
  })
})

test('a personal field takes what its codec takes, and the pseudonym of who was forgotten', () => {
  const codec = personal(text(1, 9))
  expect(E.isRight(codec.decode('Ann'))).toBe(true)
  expect(E.isRight(codec.decode('erased-0123456789abcdef'))).toBe(true)
  for (const wrong of ['', 'more than nine', 'erased-0123456789abcdeg', null]) {
    expect(E.isLeft(codec.decode(wrong))).toBe(true)
  }
})
