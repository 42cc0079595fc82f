import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { decode } from '../../../schemas/decode.ts'

const Request = t.strict({
  Entries: t.array(
    t.strict({ EventBusName: t.string, Source: t.string, DetailType: t.string, Detail: t.string, Time: t.number }),
  ),
})
type Entry = t.TypeOf<typeof Request>['Entries'][number]

/** What EventBridge answers for one entry. */
type Result = { readonly EventId: string } | { readonly ErrorCode: string; readonly ErrorMessage: string }

const sizeOf = ({ Source, DetailType, Detail }: Entry): number =>
  14 + [Source, DetailType, Detail].reduce((sum, text) => sum + Buffer.byteLength(text), 0)

/** Amazon EventBridge as far as PutEvents goes, with its limits: ten entries and 1 MB (2^20 bytes) a request, all or none refused. */
export const fakeEventBridge = async (answer: (entry: Entry, request: number) => Result | 'taken' = () => 'taken') => {
  const taken: Entry[] = []
  const requests: number[] = []
  const put = (body: string): { readonly status: number; readonly answer: unknown } => {
    const request = decode(Request, JSON.parse(body))
    if (E.isLeft(request)) return { status: 400, answer: { __type: 'ValidationException', message: 'malformed' } }
    const { Entries: entries } = request.right
    requests.push(entries.length)
    if (entries.length < 1 || entries.length > 10 || entries.reduce((sum, entry) => sum + sizeOf(entry), 0) > 2 ** 20) {
      return { status: 400, answer: { __type: 'ValidationException', message: 'Total size of the entries' } }
    }
    const results = entries.map((entry) => {
      const result = answer(entry, requests.length)
      if (result === 'taken') taken.push(entry)
      return result === 'taken' ? { EventId: `event-${taken.length}` } : result
    })
    return {
      status: 200,
      answer: { Entries: results, FailedEntryCount: results.filter((one) => 'ErrorCode' in one).length },
    }
  }
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    const { status, answer } = put(body)
    response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    taken,
    /** How many entries each request had. */
    requests,
    stop: () => server.close(),
  }
}
