import * as t from 'io-ts'
import { expect, test } from 'vitest'
import { publicEvent } from '../../../schemas/integration/public-event.ts'
import { nullable } from '../../../schemas/nullable.ts'
import { subjectId } from '../../../schemas/personal.ts'
import { ClientId } from '../../../schemas/text.ts'

test('a public event that would name a person does not load', () => {
  const props = { who: nullable(subjectId(ClientId)) }
  expect(() => publicEvent('com.daybook.order.met.v1', props, () => ({ who: null }))).toThrow(
    new TypeError('com.daybook.order.met.v1 is public, and names a person'),
  )
})

test('what the schema does not name stays inside, however deep', () => {
  const line = t.strict({ sku: t.string })
  const { of, dataschema } = publicEvent('com.daybook.order.met.v1', { lines: t.array(line) }, (event: unknown) => {
    const lines = [{ sku: 'a', note: String(event) }]
    return { lines, note: event }
  })
  expect(of('secret', '1')).toEqual({ lines: [{ sku: 'a' }] })
  expect(dataschema).toBe('urn:daybook:schema:com.daybook.order.met.v1')
})
