import { finished, Readable } from 'node:stream'
import type { ScanCommandOutput } from '@aws-sdk/client-dynamodb'
import * as t from 'io-ts'
import type { Image } from './item.ts'

/** A page of a Scan or a Query. */
export type Page = Pick<ScanCommandOutput, 'LastEvaluatedKey' | 'ScannedCount' | 'ConsumedCapacity'> & {
  readonly Items?: ReadonlyArray<Image> | undefined
}

const Sent = t.type({ ScannedCount: t.number, Items: t.UnknownArray })

/** As the SDK does, it trusts the engine for all within. */
const isPage = (sent: unknown): sent is Page => Sent.is(sent)

const pageIn = (body: Buffer): Page => {
  const sent: unknown = JSON.parse(body.toString('utf8'))
  if (!isPage(sent)) throw new TypeError('the engine sent something else than a page')
  return sent
}

type Answer = { readonly statusCode: 200; body: unknown }

const isAnswer = (response: unknown): response is Answer =>
  typeof response === 'object' && response !== null && 'statusCode' in response && response.statusCode === 200

/** `node:stream/consumers` would make a Blob first, which takes as long as all the rest. */
const bytesOf = (body: Readable): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    body.on('data', (chunk: Buffer) => chunks.push(chunk))
    finished(body, (error) => (error ? reject(error) : resolve(Buffer.concat(chunks))))
  })

/** Right behind the handler, and so within the client's retries. */
const BEFORE_READING = { step: 'deserialize', priority: 'low', name: 'pageAsSent' } as const

/** Middleware that takes the bytes of an answer away before the SDK reads them; of a refusal it leaves them. */
const taking =
  (take: (body: Buffer) => void) =>
  <Args, Result extends { readonly response: unknown }>(next: (args: Args) => Promise<Result>) =>
  async (args: Args): Promise<Result> => {
    const result = await next(args)
    const { response } = result
    if (isAnswer(response) && response.body instanceof Readable) {
      take(await bytesOf(response.body))
      response.body = new Uint8Array()
    }
    return result
  }

type Taking = ReturnType<typeof taking>

type Command = {
  readonly middlewareStack: { readonly add: (middleware: Taking, where: typeof BEFORE_READING) => void }
}

/**
 * Asks for a page, for whoever reads many: rejects as `send` does, and answers what reads the page when its turn has come. Until then
 * it is held as bytes and not as objects, which the garbage collector would copy; and nobody walks through its attributes, as the
 * SDK does. So what is binary is still text in base64, as in a record of a feed.
 */
export const pageAsSent = async <C extends Command>(
  command: C,
  send: (command: C) => Promise<Page>,
): Promise<() => Page> => {
  let taken: Buffer | undefined
  command.middlewareStack.add(
    taking((body) => {
      taken = body
    }),
    BEFORE_READING,
  )
  const page = await send(command)
  return () => (taken === undefined ? page : pageIn(taken))
}

/**
 * Pages one after the other: the engine works on the next while one is used, and a reader who stops early does not wait for it.
 * @param ask for the page behind a key. @param fault what to throw where that fails.
 */
export async function* pagesAsSent(
  ask: (startKey: Page['LastEvaluatedKey']) => Promise<() => Page>,
  fault: (error: unknown) => Error,
  startKey?: Page['LastEvaluatedKey'],
): AsyncGenerator<Page, void> {
  let asked: Promise<() => Page> | undefined = ask(startKey)
  while (asked !== undefined) {
    const page: Page = await asked
      .then((read) => read())
      .catch((error: unknown) => {
        throw fault(error)
      })
    asked = page.LastEvaluatedKey && ask(page.LastEvaluatedKey)
    asked?.catch(() => {})
    yield page
  }
}
