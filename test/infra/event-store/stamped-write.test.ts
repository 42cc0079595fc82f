import * as E from 'fp-ts/lib/Either.js'
import { beforeAll, describe, expect, test } from 'vitest'
import { dynamoDbClient } from '../../../infra/dynamodb-client.ts'
import { dynamoEventStore } from '../../../infra/event-store/dynamo.ts'
import { type Commit, EventStoreFault, type StreamName } from '../../../infra/event-store/port.ts'
import { createTable, eventTableDefinition } from '../../../infra/event-store/table.ts'
import type { TimeBounds } from '../../../infra/event-store/time-bounds.ts'
import { draftOf } from '../../contracts/event-store.ts'
import { dynamodbEndpoints, freshName } from '../../engines/engines.ts'
import { answersTooLate, breaksAfter, breaksBefore, clientThrough, neverArrives, type Passage } from './network.ts'
import { stampAt } from './stamp.ts'

const engines = Object.entries(dynamodbEndpoints()).filter((entry): entry is [string, string] => entry[1] !== null)
const NOON = Date.UTC(2026, 2, 1, 12)
const LASTING: TimeBounds = { clockSkew: 0, stampLife: 20_000, straggling: 0, indexing: 0 }
const BRIEF: TimeBounds = { ...LASTING, stampLife: 300 }

describe.each(engines)('%s', (_, endpoint) => {
  const table = freshName('events')
  beforeAll(() => createTable(dynamoDbClient(endpoint), eventTableDefinition(table)))

  /** A writer whose requests are treated so; `clock` ticks a millisecond a look. */
  const writerThrough = (passages: ReadonlyArray<Passage>, bounds = LASTING, jumps: ReadonlyArray<number> = []) => {
    let looks = 0
    let now = NOON
    const clock = () => {
      now += 1 + (jumps[looks] ?? 0)
      looks += 1
      return new Date(now)
    }
    const { client, sendings } = clientThrough(endpoint, passages)
    return { store: dynamoEventStore({ client, table, bounds, ...stampAt(clock) }), sendings }
  }
  let streams = 0
  const freshStream = (): StreamName => {
    streams += 1
    return { tenant: 'acme', type: 'order', id: `s${streams}` }
  }
  const commitsIn = async (stream: StreamName): Promise<ReadonlyArray<Commit>> => {
    const { store } = writerThrough([])
    return (await Array.fromAsync(store.read(stream))).map(({ commit }) => commit)
  }
  const appendThrough = async (stream: StreamName, ...how: Parameters<typeof writerThrough>) => {
    const { store, sendings } = writerThrough(...how)
    const appended = await store.append(store.emptyStream(stream), draftOf('c1', 1))
    return { appended: E.map(({ commit }: { readonly commit: Commit }) => commit)(appended), sendings: sendings() }
  }

  test('a write whose answer was lost finds its own commit', async () => {
    const stream = freshStream()
    const { appended, sendings } = await appendThrough(stream, [breaksAfter])
    expect(sendings).toBe(2)
    expect(await commitsIn(stream)).toEqual([E.getOrElseW(() => undefined)(appended)])
  })

  test('a write that was not answered while its stamp was good finds what it left under a newer stamp', async () => {
    const stream = freshStream()
    const { appended } = await appendThrough(stream, [answersTooLate], BRIEF)
    const [stored, ...more] = await commitsIn(stream)
    expect(appended).toEqual(E.right(stored))
    expect(more).toEqual([])
    // Of the first stamp, not of the second, which was taken two looks at the clock later.
    expect(stored?.time).toBe(new Date(NOON + 1).toISOString())
  })

  test('a write that got nowhere while its stamp was good lands under a newer one', async () => {
    const stream = freshStream()
    const { appended } = await appendThrough(stream, [neverArrives], BRIEF)
    const stored = await commitsIn(stream)
    expect(stored).toEqual([E.getOrElseW(() => undefined)(appended)])
    expect(Date.parse(stored[0]?.time ?? '')).toBeGreaterThan(NOON + 1)
  })

  test('a request that was given up and arrives after all changes nothing', async () => {
    const stream = freshStream()
    let arrived: Promise<unknown> = Promise.reject(new Error('nothing was held back'))
    arrived.catch(() => undefined)
    let release = (): void => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    const heldBack: Passage = (pass, cut) => {
      arrived = released.then(pass)
      return cut
    }
    const { appended } = await appendThrough(stream, [heldBack], BRIEF)
    release()
    await arrived
    expect(await commitsIn(stream)).toEqual([E.getOrElseW(() => undefined)(appended)])
  })

  test('what was stamped before its process was suspended is stamped anew, not sent', async () => {
    const stream = freshStream()
    // Looks at the clock: the stamp, the timer, and before the sending.
    const { appended, sendings } = await appendThrough(stream, [], LASTING, [0, 0, LASTING.stampLife])
    expect(sendings).toBe(1)
    expect(appended).toMatchObject(E.right({ time: new Date(NOON + LASTING.stampLife + 4).toISOString() }))
  })

  test('a retry of the client is not sent under a stamp that grew too old', async () => {
    const stream = freshStream()
    const { appended, sendings } = await appendThrough(stream, [breaksBefore], LASTING, [0, 0, 0, LASTING.stampLife])
    expect(sendings).toBe(2)
    expect(appended).toMatchObject(E.right({ time: new Date(NOON + LASTING.stampLife + 5).toISOString() }))
  })

  test('whoever was faster meanwhile wins, also against a newer stamp', async () => {
    const stream = freshStream()
    const overtaken: Passage = async (_pass, cut) => {
      const other = writerThrough([]).store
      await other.append(other.emptyStream(stream), draftOf('faster', 1))
      return cut
    }
    const { appended } = await appendThrough(stream, [overtaken], BRIEF)
    expect(appended).toMatchObject(E.left({ _tag: 'Conflict', winner: { commit: { commandId: 'faster' } } }))
  })

  test('when nobody answers under three stamps, it is a fault', async () => {
    const stream = freshStream()
    const { store, sendings } = writerThrough([neverArrives, neverArrives, neverArrives], BRIEF)
    await expect(store.append(store.emptyStream(stream), draftOf('c1', 1))).rejects.toThrow(EventStoreFault)
    expect(sendings()).toBe(3)
    expect(await commitsIn(stream)).toEqual([])
  })
})
