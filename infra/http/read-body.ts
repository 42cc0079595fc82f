import * as E from 'fp-ts/lib/Either.js'
import { type Problem, problem } from '../../schemas/problem.ts'

/** Bytes of JSON that a request may carry. */
export const BODY_LIMIT = 4 * 1024 * 1024

const tooLarge = problem(413, 'body_too_large', `A body may have ${BODY_LIMIT} bytes at the most`, {
  headers: { Connection: 'close' },
})

/** What may be of any length is measured while it comes. */
const measuredBytesOf = async (request: Request): Promise<E.Either<Problem, Uint8Array>> => {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength
    if (size > BODY_LIMIT) return E.left(tooLarge)
    chunks.push(chunk)
  }
  return E.right(Buffer.concat(chunks))
}

const bytesOf = async (request: Request): Promise<E.Either<Problem, Uint8Array>> => {
  const announced = request.headers.get('content-length')
  if (announced === null) return measuredBytesOf(request)
  // Node takes no more bytes than a request announces; read at once, a small body costs half of what a stream does.
  return Number(announced) > BODY_LIMIT ? E.left(tooLarge) : E.right(new Uint8Array(await request.arrayBuffer()))
}

const MEDIA_TYPE = /^application\/(?:[a-z0-9.+-]+\+)?json\s*(?:;|$)/i

/** The JSON of a request's body; 415, 413 or 400 when it has none that we take. */
export const readJson = async (request: Request): Promise<E.Either<Problem, unknown>> => {
  if (!MEDIA_TYPE.test(request.headers.get('content-type') ?? '')) {
    return E.left(problem(415, 'unsupported_media_type', 'The body must be application/json'))
  }
  const bytes = await bytesOf(request)
  if (E.isLeft(bytes)) return bytes
  try {
    return E.right(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.right)))
  } catch (error) {
    const detail = error instanceof Error ? error.message : 'it does not parse'
    return E.left(problem(400, 'malformed_json', 'The body is not JSON in UTF-8', { detail }))
  }
}
