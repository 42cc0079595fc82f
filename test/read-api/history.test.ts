import * as t from 'io-ts'
import { describe, expect, test } from 'vitest'
import { CorruptCommit } from '../../infra/event-store/port.ts'
import { ValueChange } from '../../read-api/changes.ts'
import { applyChanges } from './apply-changes.ts'
import { asking, bodyAs, bodyOf, problemOf } from './asking.ts'
import { kinds, writtenBook } from './book.ts'

const book = await writtenBook()
const ask = asking({ events: book })

const Page = t.type({
  items: t.array(t.type({ version: t.number, type: t.string, changes: t.array(ValueChange) })),
  nextCursor: t.union([t.string, t.null]),
})

describe.each(kinds)('the history of $name', ({ name, params, code, streamType }) => {
  const history = (query = {}, tenant = 'acme') => ask(`get${name}History`, { tenant, params, query })
  const commits = book.commits().filter(({ stream }) => stream.type === streamType)

  test('has every event as it was stored, with who, when, in which request and why', async () => {
    const items = commits.flatMap(({ version, events, time, commitId, actor, correlationId, causationId }) =>
      events.map((event, index) => ({
        ...event,
        version: version + index,
        time,
        commitId,
        actor: { ...actor, client: actor.client ?? null },
        correlationId,
        causationId,
        changes: expect.any(Array),
      })),
    )
    expect(items.length).toBeGreaterThan(0)
    expect(bodyOf(await history())).toEqual({ items, nextCursor: null })
  })

  test('leads, change by change, to what the entity was at each version', async () => {
    let state: unknown = null
    for (const { version, changes } of bodyAs(Page, await history()).items) {
      state = applyChanges(state, changes)
      const then = bodyAs(t.UnknownRecord, await ask(`get${name}`, { params, query: { asOf: String(version) } }))
      const { onHand, ...facts } = then
      expect(state).toEqual(name === 'Product' ? facts : then)
    }
  })

  test('is the same, page by page', async () => {
    const { items } = bodyAs(Page, await history())
    const paged: unknown[] = []
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = bodyAs(Page, await history({ limit: '1', ...(cursor !== undefined && { cursor }) }))
      expect(page.items).toHaveLength(1)
      paged.push(...page.items)
      cursor = page.nextCursor
    }
    expect(paged).toEqual(items)
  })

  test('is not found where there is none', async () => {
    expect(problemOf(await history({}, 'umbrella'))).toMatchObject({ status: 404, code })
  })

  test('names the faults of its query', async () => {
    expect(problemOf(await history({ limit: '0' }))).toMatchObject({
      status: 400,
      errors: [{ pointer: '/query/limit' }],
    })
    expect(problemOf(await history({ cursor: 'x' }))).toMatchObject({ status: 400, code: 'invalid_cursor' })
  })
})

test('a history with an event that this build does not know names it', async () => {
  const [placed] = book.commits().filter(({ stream }) => stream.type === 'order')
  if (placed === undefined) throw new Error('no order')
  const events = [{ type: 'OrderShipped', schemaVersion: 1, data: {} }]
  const read = async function* () {
    yield { commit: { ...placed, events }, position: book.emptyStream(placed.stream) }
  }
  const asked = asking({ events: { read } })('getOrderHistory', { params: { id: '536365' } })
  await expect(asked).rejects.toThrow(CorruptCommit)
  await expect(asked).rejects.toThrow('acme/order/536365@1')
})
