import { expect, test } from 'vitest'
import type { Command } from '../../../../infra/cli/import/documents.ts'
import { patience } from '../../../../infra/cli/import/patience.ts'
import { sender } from '../../../../infra/cli/import/send.ts'
import type { Answer, Transport } from '../../../../infra/cli/transport.ts'

const order: Command = { kind: 'order', id: '1', path: '/v1/orders', key: 'online-retail:order:1', body: {}, skus: [] }
const product: Command = { ...order, kind: 'product', path: '/v1/products' }

const answer = (status: number, problem: object = { code: 'some_code' }, headers: Answer['headers'] = {}): Answer => ({
  status,
  headers,
  body: JSON.stringify(problem),
})

/** Answers one after the other, the last one for ever; an error stands for a lost connection. */
const sendingTo = (answers: ReadonlyArray<Answer | Error>, patienceMs = 20_000) => {
  let requests = 0
  const transport: Transport = {
    post: async () => {
      const next = answers[Math.min(requests, answers.length - 1)]
      requests += 1
      if (next === undefined || next instanceof Error) throw next
      return next
    },
    get: () => Promise.reject(new Error('nothing is read')),
    close: () => {},
  }
  const stop = new AbortController()
  const send = sender({
    url: 'http://daybook',
    transport,
    token: async () => 'token',
    patience: patience(patienceMs, () => performance.now()),
    random: () => 0,
    stop: stop.signal,
  })
  return { send, stop, requests: () => requests }
}

test('a replayed answer says that an earlier run had sent it', async () => {
  expect(await sendingTo([answer(201)]).send(order)).toEqual({ _tag: 'Sent' })
  expect(await sendingTo([answer(200)]).send(order)).toEqual({ _tag: 'Sent' })
  const replayed = answer(201, {}, { 'idempotent-replayed': 'true' })
  expect(await sendingTo([replayed]).send(order)).toEqual({ _tag: 'AlreadyThere' })
})

test('a SKU that is taken is a product that is there; taken ids of documents are rejections', async () => {
  const taken = answer(409, { code: 'sku_taken', title: 'A product with this SKU exists' })
  expect(await sendingTo([taken]).send(product)).toEqual({ _tag: 'AlreadyThere' })
  expect(await sendingTo([taken]).send(order)).toMatchObject({ _tag: 'Rejected', code: 'sku_taken' })
})

test('lost connections and busy servers are tried again', async () => {
  const troubles = [new Error('socket hang up'), answer(429), answer(502), answer(503), answer(504)]
  const { send, requests } = sendingTo([...troubles, answer(201)])
  expect(await send(order)).toEqual({ _tag: 'Sent' })
  expect(requests()).toBe(6)
})

test('a request that the server stumbles over every time is given up, with the code', async () => {
  const { send, requests } = sendingTo([answer(500, { code: 'internal_error', detail: 'It is logged' })])
  expect(await send(order)).toEqual({ _tag: 'Rejected', code: 'internal_error', message: 'It is logged' })
  expect(requests()).toBe(6)
})

test('a rejection names every place that is wrong', async () => {
  const errors = [
    { pointer: '/lines/3/quantity', message: 'must be positive' },
    { pointer: '/currency', message: 'is required' },
  ]
  expect(await sendingTo([answer(422, { code: 'invalid_body', title: 'No', errors })]).send(order)).toEqual({
    _tag: 'Rejected',
    code: 'invalid_body',
    message: '/lines/3/quantity must be positive; /currency is required',
  })
})

test.each([
  ['that does not accept the token', answer(401), /does not accept the token \(401\)/],
  ['that does not allow writing', answer(403), /needs the role integration/],
  [
    'that is something else',
    { status: 404, headers: {}, body: '<html>' },
    /answers like something else than Daybook \(status 404\)/,
  ],
])('a server %s ends the run in words', async (_, refusal, words) => {
  await expect(sendingTo([refusal]).send(order)).rejects.toThrow(words)
})

test('a server that stays away ends the run, saying how to go on', async () => {
  const refused = Object.assign(new Error(''), { code: 'ECONNREFUSED' })
  await expect(sendingTo([refused], 0).send(order)).rejects.toThrow(
    'the server at http://daybook went away (ECONNREFUSED); run the same command again to resume',
  )
  await expect(sendingTo([answer(503)], 0).send(order)).rejects.toThrow('keeps answering 503')
})

test('once stopped, nothing more is sent, and a pause ends at once', async () => {
  const stopped = sendingTo([answer(201)])
  stopped.stop.abort(new Error('enough'))
  await expect(stopped.send(order)).rejects.toThrow('enough')
  expect(stopped.requests()).toBe(0)
  const pausing = sendingTo([answer(503, {}, { 'retry-after': '100' })])
  const sending = pausing.send(order)
  await expect.poll(() => pausing.requests()).toBe(1)
  pausing.stop.abort(new Error('enough'))
  await expect(sending).rejects.toThrow()
  expect(pausing.requests()).toBe(1)
})

test('patience ends after its time without progress, and a pause that the server asked for does not count', () => {
  let now = 0
  const { progress, grant, isExhausted } = patience(20, () => now)
  now = 20
  expect(isExhausted()).toBe(false)
  now = 21
  expect(isExhausted()).toBe(true)
  grant(60)
  now = 80
  expect(isExhausted()).toBe(false)
  now = 81
  expect(isExhausted()).toBe(true)
  progress()
  now = 101
  expect(isExhausted()).toBe(false)
  now = 102
  expect(isExhausted()).toBe(true)
})
