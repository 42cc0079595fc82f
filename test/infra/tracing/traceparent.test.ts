import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseTraceparent, traceparentOf } from '../../../infra/tracing/traceparent.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const SPAN = 'b7ad6b7169203331'

const hex = (length: number) =>
  fc
    .uint8Array({ minLength: length / 2, maxLength: length / 2 })
    .map((bytes) => Buffer.from(bytes).toString('hex'))
    .filter((text) => !/^0+$/.test(text))

describe('a traceparent', () => {
  test('names the span that it was made of', () => {
    fc.assert(
      fc.property(hex(32), hex(16), fc.constantFrom(0, 1), (traceId, spanId, traceFlags) => {
        const span = { traceId, spanId, traceFlags }
        expect(parseTraceparent(traceparentOf(span))).toEqual({ ...span, isRemote: true })
      }),
    )
  })

  test.each([
    ['of a later version may say more', `cc-${TRACE}-${SPAN}-01-what-the-future-will-be-like`, 1],
    ['may have flags that are not known yet', `00-${TRACE}-${SPAN}-fe`, 0],
  ])('%s', (_, text, traceFlags) => {
    expect(parseTraceparent(text)).toEqual({ traceId: TRACE, spanId: SPAN, traceFlags, isRemote: true })
  })

  test.each([
    undefined,
    '',
    'none',
    `ff-${TRACE}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-01-more`,
    `00-${TRACE}-${SPAN}`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    ` 00-${TRACE}-${SPAN}-01`,
  ])('that is none counts as absent: %s', (text) => {
    expect(parseTraceparent(text)).toBeUndefined()
  })
})
