import type { SpanLine } from './span-line.ts'

/** A span and what it led to, in the order in which it began. */
export type Hop = { readonly span: SpanLine; readonly led: ReadonlyArray<Hop> }

const byStart = (one: SpanLine, other: SpanLine): number => one.startMs - other.startMs

/** Spans whose parents are not among them come first: requests, and what somebody else's span led to. */
export const hopsOf = (spans: ReadonlyArray<SpanLine>): ReadonlyArray<Hop> => {
  const known = new Set(spans.map(({ spanId }) => spanId))
  const byParent = Map.groupBy(spans.toSorted(byStart), ({ parentSpanId }) =>
    parentSpanId !== null && known.has(parentSpanId) ? parentSpanId : null,
  )
  const under = (parent: string | null): ReadonlyArray<Hop> =>
    (byParent.get(parent) ?? []).map((span) => ({ span, led: under(span.spanId) }))
  return under(null)
}

/** A hop as it is drawn: its name behind the lines of the tree. */
export type Drawn = { readonly name: string; readonly span: SpanLine }

const below = (hops: ReadonlyArray<Hop>, indent: string): ReadonlyArray<Drawn> =>
  hops.flatMap(({ span, led }, index) => {
    const isLast = index === hops.length - 1
    return [
      { name: `${indent}${isLast ? '└─' : '├─'} ${span.span}`, span },
      ...below(led, `${indent}${isLast ? '  ' : '│ '} `),
    ]
  })

export const drawn = (hops: ReadonlyArray<Hop>): ReadonlyArray<Drawn> =>
  hops.flatMap(({ span, led }) => [{ name: span.span, span }, ...below(led, '')])
