import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { BODY_LIMIT, readJson } from '../../../infra/http/read-body.ts'

const json = { 'Content-Type': 'application/json' }

const request = (body: string | ReadableStream<Uint8Array>, headers: { readonly [name: string]: string } = json) =>
  new Request('http://127.0.0.1/', { method: 'POST', headers, body, duplex: 'half' })

const announced = (body: string, length = Buffer.byteLength(body)) =>
  request(body, { ...json, 'Content-Length': String(length) })

const CHUNK = 65_536

/** Blanks without end; counts the bytes that were asked for. */
const endless = () => {
  const asked = { bytes: 0 }
  const pull = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
    asked.bytes += CHUNK
    controller.enqueue(new Uint8Array(CHUNK).fill(0x20))
  }
  return { asked, stream: new ReadableStream<Uint8Array>({ pull }) }
}

describe('the JSON of a body', () => {
  it('is read whether or not its length was announced', async () => {
    expect(await readJson(announced('{"name":"café"}'))).toEqual(E.right({ name: 'café' }))
    expect(await readJson(request('{"name":"café"}'))).toEqual(E.right({ name: 'café' }))
  })

  it('is refused as too large by its announced length, and unannounced as soon as it is', async () => {
    expect(await readJson(announced('{}', BODY_LIMIT + 1))).toMatchObject(E.left({ status: 413 }))
    const { asked, stream } = endless()
    expect(await readJson(request(stream))).toMatchObject(E.left({ status: 413 }))
    expect(asked.bytes).toBeLessThanOrEqual(BODY_LIMIT + 3 * CHUNK)
  })

  it('is refused when it is not UTF-8', async () => {
    const latin1 = new ReadableStream<Uint8Array>({
      start: (controller) => {
        controller.enqueue(Uint8Array.of(0x22, 0xe9, 0x22))
        controller.close()
      },
    })
    expect(await readJson(request(latin1))).toMatchObject(E.left({ status: 400, code: 'malformed_json' }))
  })
})
