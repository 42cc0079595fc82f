import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { describe, expect, test } from 'vitest'
import { auditEvents } from '../../read-api/audit/audit-events.ts'
import { TENANT, trailInMemory } from '../infra/audit/trail.ts'

const Page = t.type({
  items: t.array(t.type({ type: t.string, version: t.number, stream: t.type({ id: t.string }) })),
  nextCursor: t.union([t.null, t.string]),
})

const asking = (trail: ReturnType<typeof trailInMemory>) => {
  const operation = auditEvents({ ...trail.deps, recent: trail.deps.index })
  return async (query: Record<string, string>, tenant = TENANT) => {
    const answer = await operation.serve({
      caller: { tenant, subject: 'ann', roles: ['auditor'] },
      correlationId: 'trace-1',
      header: () => undefined,
      params: {},
      query,
      body: undefined,
    })
    if (E.isLeft(answer)) return answer.left
    if (!Page.is(answer.right.body)) throw new Error('no page')
    return answer.right.body
  }
}

/** All pages, as a client follows them; `betweenPages` happens after each. */
const allPages = async (
  ask: ReturnType<typeof asking>,
  query: Record<string, string>,
  betweenPages: () => Promise<unknown>,
) => {
  const events: unknown[] = []
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await ask({ ...query, ...(cursor !== undefined && { cursor }) })
    if (!('items' in page)) throw new Error('refused')
    events.push(...page.items.map(({ stream, version }) => `${stream.id}@${version}`))
    cursor = page.nextCursor
    await betweenPages()
  }
  return events
}

const threeEvents = ['A', 'B', 'A'].map((type) => ({ type, schemaVersion: 1, data: {} }))

const written = async () => {
  const trail = trailInMemory()
  await trail.append({ stream: 'order/one', events: threeEvents })
  await trail.append({ stream: 'order/two', subject: 'bob' })
  await trail.append({ stream: 'order/one', events: threeEvents })
  trail.advance(1_000)
  return trail
}

describe('events of the trail', () => {
  test('are told oldest first, those within a commit in their order, however small the pages are', async () => {
    const trail = await written()
    const whole = ['one@1', 'one@2', 'one@3', 'two@1', 'one@4', 'one@5', 'one@6']
    for (const limit of ['1', '2', '3', '100']) {
      expect(await allPages(asking(trail), { limit }, async () => {})).toEqual(whole)
    }
  })

  test('come to an end, though reading them adds to them', async () => {
    const trail = await written()
    const reading = () => trail.append({ stream: `access-log/${Math.random()}` })
    expect(await allPages(asking(trail), { limit: '1' }, reading)).toHaveLength(7)
  })

  test.each([
    { query: { type: 'A' }, found: ['one@1', 'one@3', 'one@4', 'one@6'] },
    { query: { actor: 'bob' }, found: ['two@1'] },
    { query: { stream: 'order/two' }, found: ['two@1'] },
    { query: { to: '2026-02-28' }, found: [] },
    { query: { from: '2026-03-01', to: '2026-03-01', type: 'B' }, found: ['one@2', 'one@5'] },
  ])('are those that were asked for: $query', async ({ query, found }) => {
    const trail = await written()
    expect(await allPages(asking(trail), { limit: '1', ...query }, async () => {})).toEqual(found)
  })

  test('are those of the reader’s tenant, and cursors are good for their query alone', async () => {
    const trail = await written()
    expect(await asking(trail)({}, 'other')).toMatchObject({ items: [], nextCursor: null })
    const first = await asking(trail)({ limit: '1' })
    const cursor = 'nextCursor' in first ? String(first.nextCursor) : ''
    expect(await asking(trail)({ limit: '1', actor: 'bob', cursor })).toMatchObject({ status: 400 })
    expect(await asking(trail)({ from: 'yesterday' })).toMatchObject({ status: 400 })
  })
})
