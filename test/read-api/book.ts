import { monotonicFactory } from 'ulid'
import { memoryEventStore } from '../../infra/event-store/memory.ts'
import { commandApi } from '../commands/api.ts'
import { requests } from '../stored-events/requests.ts'

/** Every kind of entity that the read API answers singly, and which of them the book holds. */
export const kinds = [
  { name: 'Order', params: { id: '536365' }, code: 'order_not_found', streamType: 'order' },
  { name: 'Product', params: { sku: '71053' }, code: 'product_not_found', streamType: 'product' },
  { name: 'Stock', params: { sku: '71053' }, code: 'stock_not_found', streamType: 'stock' },
  { name: 'Invoice', params: { id: 'I 1' }, code: 'invoice_not_found', streamType: 'invoice' },
  { name: 'CreditNote', params: { id: 'C536379' }, code: 'credit_note_not_found', streamType: 'credit-note' },
  { name: 'Adjustment', params: { id: 'A563185' }, code: 'adjustment_not_found', streamType: 'adjustment' },
] as const

/** Of the first commit; each later one is a minute younger. */
const OPENED = Date.parse('2026-03-01T12:00:00.000Z')

export const minute = (commits: number): string => new Date(OPENED + commits * 60_000).toISOString()

/** A store of the commits that these requests make, by default every type of event there is. */
export const writtenBook = async (asked: typeof requests = requests) => {
  let commits = 0
  const clock = () => {
    commits += 1
    return new Date(minute(commits - 1))
  }
  const ulid = monotonicFactory()
  const store = memoryEventStore({ clock, ulid: (time) => ulid(time) })
  const { post } = commandApi(store)
  for (const { path, body } of asked) {
    const { status, body: answer } = await post(path, body)
    if (status >= 300) throw new Error(`${path} was answered ${status} ${answer.code}`)
  }
  return store
}
