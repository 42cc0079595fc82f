import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import * as E from 'fp-ts/lib/Either.js'
import { SpanLine } from './span-line.ts'

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line)
  } catch {
    // The last line of a process that was killed may be cut off.
    return undefined
  }
}

/** The spans under a correlation id in files of spans, one JSON a line. Rejects when a file cannot be read. */
export const spansUnder = async (
  correlationId: string,
  files: ReadonlyArray<string>,
): Promise<ReadonlyArray<SpanLine>> => {
  const spans: SpanLine[] = []
  const written = JSON.stringify(correlationId)
  for (const file of files) {
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
      if (!line.includes(written)) continue
      const span = SpanLine.decode(parsed(line))
      if (E.isRight(span) && span.right.correlationId === correlationId) spans.push(span.right)
    }
  }
  return spans
}
