import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import { holdsTraces, logsDirectory } from '../../local/traces.ts'
import { spansUnder } from '../../tracing/read-lines.ts'
import type { SpanLine } from '../../tracing/span-line.ts'
import { drawn, hopsOf } from '../../tracing/tree.ts'
import { Failure } from '../failure.ts'
import type { GlobalOptions } from '../options.ts'
import { oneLine, printJson, table } from '../output.ts'

const tracesIn = async (dataDir: string): Promise<ReadonlyArray<string>> => {
  const directory = logsDirectory(dataDir)
  const names = await readdir(directory).catch(() => {
    throw new Failure(`there are no logs under ${dataDir}: name the data directory of an instance with --data-dir`)
  })
  return names.filter(holdsTraces).map((name) => join(directory, name))
}

/** The tree of hops: which process, how long after the first began, and how long it took, in milliseconds. */
export const inWords = (spans: ReadonlyArray<SpanLine>): string => {
  const first = Math.min(...spans.map(({ startMs }) => startMs))
  return table([
    ['hop', 'process', 'after (ms)', 'took (ms)', ''],
    ...drawn(hopsOf(spans)).map(({ name, span }) => [
      oneLine(name),
      span.service,
      (span.startMs - first).toFixed(1),
      span.durationMs.toFixed(1),
      span.failed ? 'failed' : '',
    ]),
  ])
}

/** `trace <correlation-id>` */
export const addTrace = (program: Command): void => {
  program
    .command('trace')
    .description('show what a request led to, hop by hop, in all processes')
    .argument('<correlation-id>', 'of the request: its X-Correlation-Id header')
    .action(async (correlationId: string, _, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>()
      const spans = await spansUnder(correlationId, await tracesIn(options.dataDir))
      if (spans.length === 0) {
        throw new Failure(
          `no trace of ${oneLine(correlationId)}: it is too old, or it was one of many at a time; ` +
            'a request with a header "traceparent: 00-<32 hex>-<16 hex>-01" is always traced',
        )
      }
      if (options.json) printJson({ hops: hopsOf(spans) })
      else process.stdout.write(inWords(spans))
    })
}
