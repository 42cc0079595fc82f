import { ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api'
import { SamplingDecision } from '@opentelemetry/sdk-trace'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Sampling, samplerOf } from '../../../infra/tracing/sampler.ts'

const TraceId = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString('hex'))

const sampling = (how: Sampling, now: () => number = () => 0) => {
  const sampler = samplerOf(how, now)
  return (traceId: string, context = ROOT_CONTEXT): boolean =>
    sampler.shouldSample(context, traceId, 'a request', SpanKind.SERVER, {}, []).decision ===
    SamplingDecision.RECORD_AND_SAMPLED
}

describe('which traces are sampled', () => {
  test('of those that begin here, the first of each second', () => {
    let now = 5_000
    const sampled = sampling({ perSecond: 2, ratio: 0 }, () => now)
    const within = () => ['a', 'b', 'c', 'd'].map((name) => sampled(name.repeat(32)))
    expect(within()).toEqual([true, true, false, false])
    now = 5_999
    expect(within()).toEqual([false, false, false, false])
    now = 6_000
    expect(within()).toEqual([true, true, false, false])
  })

  test('of the others a share, by the id alone', () => {
    fc.assert(
      fc.property(TraceId, fc.double({ min: 0, max: 1, noNaN: true }), (traceId, ratio) => {
        const sampled = sampling({ perSecond: 0, ratio })(traceId)
        expect(sampling({ perSecond: 0, ratio })(traceId)).toBe(sampled)
        if (sampled) expect(sampling({ perSecond: 0, ratio: Math.min(1, ratio * 2) })(traceId)).toBe(true)
      }),
    )
    const quarter = sampling({ perSecond: 0, ratio: 1 / 4 })
    const ids = Array.from({ length: 256 }, (_, at) =>
      at.toString(16).padStart(2, '0').padEnd(8, '0').padStart(32, 'f'),
    )
    expect(ids.filter((id) => quarter(id))).toHaveLength(64)
  })

  test('what another process has decided stays', () => {
    fc.assert(
      fc.property(TraceId, fc.constantFrom(0, 1), fc.constantFrom(0, 1), (traceId, traceFlags, ratio) => {
        const parent = { traceId, spanId: 'b7ad6b7169203331', traceFlags, isRemote: true }
        const within = trace.setSpanContext(ROOT_CONTEXT, parent)
        expect(sampling({ perSecond: 9, ratio })(traceId, within)).toBe(traceFlags === 1)
      }),
    )
  })
})
