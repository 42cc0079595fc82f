import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { SpanKind } from '@opentelemetry/api'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { describe, expect, test } from 'vitest'
import { asLines } from '../../../infra/tracing/exporter.ts'
import { boundedFile } from '../../../infra/tracing/file.ts'
import { toCollector } from '../../../infra/tracing/otlp.ts'
import { spansUnder } from '../../../infra/tracing/read-lines.ts'
import { temporaryDir } from '../local/temporary-dir.ts'

/** Spans that have ended, as the SDK hands them over. */
const spans = () => {
  const exporter = new InMemorySpanExporter()
  const tracer = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }).getTracer('test')
  const attributes = { 'daybook.correlation_id': 'c-1', count: 3, share: 0.5, replayed: false, roles: ['admin'] }
  tracer
    .startSpan('append', { kind: SpanKind.CLIENT, attributes, startTime: [1_700_000_000, 123_456_789] })
    .end([1_700_000_000, 125_456_789])
  return exporter.getFinishedSpans()
}

describe('a file of spans', () => {
  test('gives back those under a correlation id, whatever else is in it', async () => {
    const file = join(temporaryDir(), 'traces-test.jsonl')
    await writeFile(file, 'cut off {"correlationId":"c-1"\n{"message":"c-1"}\n"c-1"\n')
    await asLines('api', boundedFile(file))(spans())
    expect(await spansUnder('c-1', [file])).toMatchObject([
      { span: 'append', service: 'api', startMs: 1_700_000_000_123.4568, durationMs: 2, attributes: { count: 3 } },
    ])
    expect(await spansUnder('c', [file])).toEqual([])
  })

  test('is put aside when it is full, and what was put aside before goes', async () => {
    const file = join(temporaryDir(), 'traces-test.jsonl')
    const write = boundedFile(file, 10)
    for (const line of ['first\n', 'next\n', 'third\n', 'much longer than all\n', 'last\n']) await write(line)
    expect(await readFile(file, 'utf8')).toBe('last\n')
    expect(await readFile(`${file}.1`, 'utf8')).toBe('much longer than all\n')
    // Another process goes on with what it finds.
    await boundedFile(file, 10)('and on\n')
    expect((await stat(file)).size).toBe('and on\n'.length)
    expect(await readFile(`${file}.1`, 'utf8')).toBe('last\n')
    await rm(file)
  })
})

describe('a collector', () => {
  const collector = async (status: number) => {
    const requests: Array<{
      readonly path: string | undefined
      readonly type: string | undefined
      readonly body: unknown
    }> = []
    const server = createServer(async (request, response) => {
      const body: unknown = JSON.parse(await text(request))
      requests.push({ path: request.url, type: request.headers['content-type'], body })
      response.writeHead(status).end('{}')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('the server has no port')
    const close = () => new Promise((resolve) => server.close(resolve))
    return { url: `http://127.0.0.1:${address.port}/`, requests, close }
  }

  test('gets spans in the JSON of OTLP', async () => {
    const { url, requests, close } = await collector(200)
    const [span] = spans()
    await toCollector('command-api', url)(span ? [span] : [])
    await close()
    expect(requests).toEqual([
      {
        path: '/v1/traces',
        type: 'application/json',
        body: {
          resourceSpans: [
            {
              resource: { attributes: [{ key: 'service.name', value: { stringValue: 'command-api' } }] },
              scopeSpans: [
                {
                  scope: { name: 'daybook' },
                  spans: [
                    {
                      traceId: span?.spanContext().traceId,
                      spanId: span?.spanContext().spanId,
                      name: 'append',
                      kind: 3,
                      startTimeUnixNano: '1700000000123456789',
                      endTimeUnixNano: '1700000000125456789',
                      attributes: [
                        { key: 'daybook.correlation_id', value: { stringValue: 'c-1' } },
                        { key: 'count', value: { intValue: '3' } },
                        { key: 'share', value: { doubleValue: 0.5 } },
                        { key: 'replayed', value: { boolValue: false } },
                        { key: 'roles', value: { arrayValue: { values: [{ stringValue: 'admin' }] } } },
                      ],
                      status: { code: 0 },
                    },
                  ],
                },
              ],
            },
          ],
        },
      },
    ])
  })

  test('that refuses them is told of', async () => {
    const { url, close } = await collector(503)
    await expect(toCollector('command-api', url)(spans())).rejects.toThrow('the collector of traces answered 503')
    await close()
  })
})
