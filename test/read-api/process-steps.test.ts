import { afterAll, beforeAll, expect, test } from 'vitest'
import { asking, bodyOf, nextCursorOf } from './asking.ts'
import { startViews, type Views } from './views.ts'

const refused = (id: string, tenant: string) => ({
  tenant,
  step_id: id,
  process: 'invoicing',
  kind: 'issue',
  subject: `order ${id}`,
  reason: 'invoice_id_taken: An invoice with this id exists',
  refused_at: '2026-03-01T12:00:00.000Z',
})

let views: Views
beforeAll(async () => {
  views = await startViews()
  await views.insert('refused_steps', [refused('2', 'acme'), refused('1', 'acme'), refused('3', 'umbrella')])
})
afterAll(() => views.stop())

const ask = (...args: Parameters<ReturnType<typeof asking>>) => asking(views.reads)(...args)

test('refused steps tell what they are and why, page by page, to their own tenant alone', async () => {
  const first = await ask('listRefusedSteps', { query: { limit: '1' } })
  expect(bodyOf(first)).toMatchObject({
    items: [
      {
        id: '1',
        process: 'invoicing',
        kind: 'issue',
        subject: 'order 1',
        reason: 'invoice_id_taken: An invoice with this id exists',
        refusedAt: '2026-03-01T12:00:00.000Z',
      },
    ],
  })
  const rest = await ask('listRefusedSteps', { query: { limit: '1', cursor: nextCursorOf(first) } })
  expect(bodyOf(rest)).toMatchObject({ items: [{ id: '2' }], nextCursor: null })
})
