import { type Context, TraceFlags, trace } from '@opentelemetry/api'
import { type Sampler, SamplingDecision } from '@opentelemetry/sdk-trace'

export type Sampling = {
  /** So many of the traces that begin within a second are sampled in any case: of a quiet system, all. */
  readonly perSecond: number
  /** Of the others this share, 0 to 1, by the trace's id: whoever sees the id decides alike. */
  readonly ratio: number
}

/** The share of all ids that are below this one; ids are random in all their bits, and 32 of them are enough. */
const placeOf = (traceId: string): number => Number.parseInt(traceId.slice(-8), 16) / 2 ** 32

/**
 * A trace that another process began is sampled when that one says so; of the others what `Sampling` says.
 * @param now milliseconds of a clock that never goes back.
 */
export const samplerOf = ({ perSecond, ratio }: Sampling, now: () => number): Sampler => {
  let second = Number.NEGATIVE_INFINITY
  let begun = 0
  const isEarly = (): boolean => {
    const at = Math.floor(now() / 1_000)
    if (at !== second) begun = 0
    second = at
    begun += 1
    return begun <= perSecond
  }
  const isSampled = (context: Context, traceId: string): boolean => {
    const parent = trace.getSpanContext(context)
    return parent === undefined ? isEarly() || placeOf(traceId) < ratio : (parent.traceFlags & TraceFlags.SAMPLED) !== 0
  }
  return {
    shouldSample: (context, traceId) => ({
      decision: isSampled(context, traceId) ? SamplingDecision.RECORD_AND_SAMPLED : SamplingDecision.NOT_RECORD,
    }),
    toString: () => `DaybookSampler{${perSecond}/s,${ratio}}`,
  }
}
