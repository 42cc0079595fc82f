import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { type Draft, type EventStore, InvalidDraft, type StreamName } from '../../infra/event-store/port.ts'
import { draftOf } from './event-store.ts'
import { noise } from './noise.ts'

const LIMIT = 8 * 1024 * 1024

let streams = 0
const freshStream = (): StreamName => {
  streams += 1
  return { tenant: 'acme', type: 'order', id: `limits ${streams}-${process.pid}-${Date.now()}` }
}

const circle: { self?: unknown } = {}
circle.self = [circle]

const good = draftOf('c1', 1)
const event = { type: 'Happened', schemaVersion: 1, data: null }
const withEvent = (change: object): Draft => ({ ...good, events: [event, { ...event, ...change }] })
const withActor = (change: Partial<Draft['actor']>): Draft => ({ ...good, actor: { ...good.actor, ...change } })

/** What cannot be stored: what it is, the draft, and where the fault is. */
export const invalidDrafts: ReadonlyArray<readonly [string, Draft, string]> = [
  ['no events', { ...good, events: [] }, '/events'],
  ['an event without a type', withEvent({ type: '' }), '/events/1/type'],
  ['schema version 0', withEvent({ schemaVersion: 0 }), '/events/1/schemaVersion'],
  ['a negative schema version', withEvent({ schemaVersion: -1 }), '/events/1/schemaVersion'],
  ['a schema version with a fraction', withEvent({ schemaVersion: 1.5 }), '/events/1/schemaVersion'],
  ['a field that events do not have', withEvent({ time: 'now' }), '/events/1/time'],
  ['data that is undefined', withEvent({ data: undefined }), '/events/1/data'],
  ['NaN', withEvent({ data: { total: Number.NaN } }), '/events/1/data/total'],
  ['an infinity', withEvent({ data: [0, Number.NEGATIVE_INFINITY] }), '/events/1/data/1'],
  ['2^53, which 2^53 + 1 is rounded to', withEvent({ data: 2 ** 53 }), '/events/1/data'],
  ['a large negative number', withEvent({ data: { 'a/b': { '~': -1e21 } } }), '/events/1/data/a~1b/~0'],
  ['a lone surrogate', withEvent({ data: { lines: [{ sku: 'a\ud800b' }] } }), '/events/1/data/lines/0/sku'],
  ['a lone surrogate in a type', withEvent({ type: '\udc00' }), '/events/1/type'],
  ['undefined in an object', withEvent({ data: { gone: undefined } }), '/events/1/data/gone'],
  ['a hole in a list', withEvent({ data: { list: new Array(1) } }), '/events/1/data/list/0'],
  ['a function', withEvent({ data: { toJSON: () => 1 } }), '/events/1/data/toJSON'],
  ['a BigInt', withEvent({ data: [1n] }), '/events/1/data/0'],
  ['a symbol', withEvent({ data: [Symbol('s')] }), '/events/1/data/0'],
  ['a symbol for a key', withEvent({ data: { [Symbol('s')]: 1 } }), '/events/1/data'],
  ['a date', withEvent({ data: { at: new Date(0) } }), '/events/1/data/at'],
  ['a map', withEvent({ data: new Map([[1, 2]]) }), '/events/1/data'],
  ['a lone surrogate in the command id', { ...good, commandId: '\ud800' }, '/commandId'],
  ['a lone surrogate in the correlation id', { ...good, correlationId: '\ud800' }, '/correlationId'],
  ['a lone surrogate in the causation id', { ...good, causationId: '\ud800' }, '/causationId'],
  ['a lone surrogate in the subject', withActor({ subject: '\ud800' }), '/actor/subject'],
  ['a lone surrogate in the client', withActor({ client: '\ud800' }), '/actor/client'],
  ['a role that is two', withActor({ roles: ['sales', 'a,b'] }), '/actor/roles/1'],
  ['a role without a name', withActor({ roles: [''] }), '/actor/roles/0'],
]

/** Names that no stream can have, and where the fault is. */
export const invalidNames: ReadonlyArray<readonly [string, Partial<StreamName>, string]> = [
  ['a separator in its id', { id: 'a#b' }, '/stream/id'],
  ['a separator in its type', { type: '#' }, '/stream/type'],
  ['a separator in its tenant', { tenant: 'a#' }, '/stream/tenant'],
  ['no id', { id: '' }, '/stream/id'],
  ['no type', { type: '' }, '/stream/type'],
  ['no tenant', { tenant: '' }, '/stream/tenant'],
  ['a lone surrogate in its id', { id: '\ud800' }, '/stream/id'],
  ['a tenant of 1,025 bytes', { tenant: 'x'.repeat(1025) }, '/stream/tenant'],
  ['a key of 2,049 bytes', { tenant: 'acme', type: 'order', id: 'ä'.repeat(1019) }, '/stream'],
]

const refusal = async (store: EventStore, stream: StreamName, draft: Draft): Promise<InvalidDraft> => {
  const refused: unknown = await store.append(store.emptyStream(stream), draft).catch((error: unknown) => error)
  if (!(refused instanceof InvalidDraft)) throw new Error(`not refused as invalid: ${refused}`)
  return refused
}

/** Events of which the canonical text has exactly this many bytes. */
const eventsOfSize = (size: number): Draft => {
  const empty = JSON.stringify([{ data: '', schemaVersion: 1, type: 'Happened' }])
  return draftOf('c1', 'x'.repeat(size - empty.length))
}

/** What every event store keeps of sizes and of what it refuses. `connect` gives another handle on the same data. */
export const eventStoreLimitsContract = (name: string, connect: () => Promise<EventStore>): void => {
  describe(`limits of the event store on ${name}`, () => {
    test.each(invalidDrafts)('%s is refused before any write, naming the place', async (_, draft, pointer) => {
      const [store, stream] = [await connect(), freshStream()]
      expect(await refusal(store, stream, draft)).toMatchObject({ stream, pointer })
      expect(await Array.fromAsync(store.read(stream))).toEqual([])
    })

    test('data in a circle is refused, not followed', async () => {
      const { pointer, reason } = await refusal(await connect(), freshStream(), withEvent({ data: circle }))
      expect(pointer).toMatch(/^\/events\/1\/data\/self\/0\/self\/0/)
      expect(reason).toMatch(/in a circle/)
    })

    test.each(invalidNames)('a stream with %s is refused before any write', async (_, names, pointer) => {
      const [store, stream] = [await connect(), { ...freshStream(), ...names }]
      expect(await refusal(store, stream, good)).toMatchObject({ stream, pointer })
    })

    test('the longest key is taken', async () => {
      const store = await connect()
      const stream = { ...freshStream(), tenant: 'x'.repeat(1024) }
      const longest = { ...stream, id: stream.id.padEnd(2048 - 1024 - '#order#'.length, 'y') }
      expect(E.isRight(await store.append(store.emptyStream(longest), good))).toBe(true)
      expect(await Array.fromAsync(store.read(longest))).toHaveLength(1)
    })

    test('a command of several megabytes that do not compress is read back as it was, and goes on', async () => {
      const [store, other, stream] = [await connect(), await connect(), freshStream()]
      const draft = draftOf('c1', noise(1_000_000, 1), { more: noise(2_000_000, 2) })
      const first = await store.append(store.emptyStream(stream), draft)
      if (E.isLeft(first)) throw new Error(`not appended: ${first.left._tag}`)
      const second = await store.append(first.right.position, draftOf('c2', 'small'))
      if (E.isLeft(second)) throw new Error(`not appended: ${second.left._tag}`)
      const read = await Array.fromAsync(other.read(stream))
      expect(read.map(({ commit }) => commit)).toEqual([first.right.commit, second.right.commit])
      const behind = await Array.fromAsync(other.read(stream, { after: 2 }))
      expect(behind.map(({ commit }) => commit.version)).toEqual([3])
    })

    test('who loses against a large commit learns it whole, and can append behind it', async () => {
      const [store, stream] = [await connect(), freshStream()]
      const won = await store.append(store.emptyStream(stream), draftOf('c1', noise(1_000_000)))
      const lost = await store.append(store.emptyStream(stream), draftOf('c2', noise(1_000_000, 7)))
      if (E.isLeft(won) || E.isRight(lost) || lost.left._tag !== 'Conflict') throw new Error('expected a conflict')
      expect(lost.left.winner.commit).toEqual(won.right.commit)
      const behind = await store.append(lost.left.winner.position, draftOf('c2', noise(1_000_000, 7)))
      expect(behind).toMatchObject(E.right({ commit: { version: 2, previousHash: won.right.commit.hash } }))
      expect(await Array.fromAsync(store.read(stream))).toHaveLength(2)
    })

    test('a command may have 8 MiB of events and not a byte more', async () => {
      const [store, stream] = [await connect(), freshStream()]
      const over = await store.append(store.emptyStream(stream), eventsOfSize(LIMIT + 1))
      expect(over).toEqual(E.left({ _tag: 'CommitTooLarge', size: LIMIT + 1, limit: LIMIT }))
      expect(await Array.fromAsync(store.read(stream))).toEqual([])
      const full = await store.append(store.emptyStream(stream), eventsOfSize(LIMIT))
      expect(E.isRight(full)).toBe(true)
      expect(await Array.fromAsync(store.read(stream))).toHaveLength(1)
    })

    test('10 MB in one command, and more events than fit, are refused before any write', async () => {
      const [store, stream] = [await connect(), freshStream()]
      const many = { ...good, events: Array.from({ length: 200_000 }, (_, data) => ({ ...event, data })) }
      for (const draft of [draftOf('c1', noise(10_000_000)), many]) {
        const refused = await store.append(store.emptyStream(stream), draft)
        expect(refused).toMatchObject(E.left({ _tag: 'CommitTooLarge', limit: LIMIT }))
      }
      expect(await Array.fromAsync(store.read(stream))).toEqual([])
    })
  })
}
