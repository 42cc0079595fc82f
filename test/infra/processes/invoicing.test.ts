import * as fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { InvoiceEvent } from '../../../schemas/events/invoice.ts'
import { type ViewsDatabase, viewsDatabase } from '../postgres/views-database.ts'
import { ON, wholesaler } from './wholesaler.ts'

let database: ViewsDatabase
beforeAll(async () => {
  database = await viewsDatabase()
})
afterAll(() => database.close())

beforeEach(() => database.empty())

/** The id that invoicing gives the invoice of an order, found out in a book of its own. */
const idThatIsGivenFor = async (orderId: string): Promise<string> => {
  const { place, pass, catchUp, work, invoiceEvents } = wholesaler(database)
  await place(orderId)
  pass(24)
  await catchUp()
  await work()
  await database.empty()
  return invoiceEvents()[0]?.invoiceId ?? ''
}

const none = { Done: 0, Moot: 0, Later: 0, Refused: 0, Failed: 0 }

describe('invoicing', () => {
  test('an order is invoiced when its time has come, and not before', async () => {
    const { place, pass, catchUp, work, invoiceEvents } = wholesaler(database)
    await place('536365')
    await catchUp()
    pass(23.9)
    expect(await work()).toEqual(none)
    pass(0.1)
    expect(await work()).toEqual({ ...none, Done: 1 })
    expect(invoiceEvents()).toMatchObject([
      {
        tenant: 'acme',
        by: 'process:invoicing',
        event: { type: 'InvoiceIssued', data: { orderId: '536365', number: 1, total: '20.34' } },
      },
    ])
    await catchUp()
    expect(await work()).toEqual(none)
  })

  test('is done once, however far the view is behind', async () => {
    const { place, pass, catchUp, work, invoiceEvents } = wholesaler(database)
    await place('536365')
    await catchUp()
    pass(24)
    expect(await Promise.all([work(), work()])).toContainEqual({ ...none, Done: 1 })
    expect(await work()).toEqual({ ...none, Moot: 1 })
    expect(invoiceEvents()).toHaveLength(1)
  })

  test('an order that is cancelled in time is not invoiced, even where the view does not know yet', async () => {
    const { place, cancel, pass, catchUp, work, invoiceEvents } = wholesaler(database)
    await place('536365')
    await catchUp()
    await cancel('536365')
    pass(24)
    expect(await work()).toEqual({ ...none, Moot: 1 })
    await catchUp()
    expect(await work()).toEqual(none)
    expect(invoiceEvents()).toEqual([])
  })

  test('the invoice of an order that is cancelled later is voided, whoever issued it', async () => {
    const { place, cancel, issue, pass, catchUp, work, invoiceEvents } = wholesaler(database)
    await place('1')
    await place('2')
    await issue('2', 'by hand')
    pass(24)
    await catchUp()
    expect(await work()).toEqual({ ...none, Done: 1 })
    await cancel('1')
    await cancel('2')
    await catchUp()
    expect(await work()).toEqual({ ...none, Done: 2 })
    expect(
      invoiceEvents().map(({ event: { type, data } }) => [type, InvoiceEvent.is({ type, schemaVersion: 1, data })]),
    ).toEqual([
      ['InvoiceIssued', true],
      ['InvoiceIssued', true],
      ['InvoiceVoided', true],
      ['InvoiceVoided', true],
    ])
    await catchUp()
    expect(await work()).toEqual(none)
  })

  test('an invoice that a person voids is not made again', async () => {
    const { place, issue, annul, pass, catchUp, work } = wholesaler(database)
    await place('1')
    await issue('1', 'by hand')
    await annul('by hand')
    await catchUp()
    pass(24)
    expect(await work()).toEqual(none)
  })

  test('nothing is done while the flag is off, for what was before, and for tenants that it does not name', async () => {
    const { place, pass, set, catchUp, work, invoiceEvents } = wholesaler(database)
    await place('old')
    pass(1)
    const since = '2026-03-01T01:00:00.000Z'
    await place('1')
    await place('1', 'beta')
    await catchUp()
    pass(24)
    set({ 'automatic-invoicing': { enabled: false } })
    expect(await work()).toEqual(none)
    set({})
    expect(await work()).toEqual(none)
    set({ 'automatic-invoicing': { enabled: true, since, afterHours: 24, tenants: [] } })
    expect(await work()).toEqual(none)
    set({ 'automatic-invoicing': { enabled: true, since, afterHours: 24, tenants: ['beta'] } })
    expect(await work()).toEqual({ ...none, Done: 1 })
    set({ 'automatic-invoicing': { enabled: true, since, afterHours: 24 } })
    expect(await work()).toMatchObject({ Done: 1 })
    expect(invoiceEvents().map(({ tenant, event }) => [tenant, event.data])).toMatchObject([
      ['beta', { orderId: '1' }],
      ['acme', { orderId: '1' }],
    ])
  })

  test('what the domain refuses is set aside until it is reopened, and holds nobody up', async () => {
    const invoiceId = await idThatIsGivenFor('1')
    const { place, issue, reopen, pass, catchUp, work } = wholesaler(database)
    for (const id of ['1', '2', '3']) await place(id)
    await issue('3', invoiceId)
    pass(24)
    await catchUp()
    expect(await work()).toEqual({ ...none, Done: 1, Refused: 1 })
    await catchUp()
    const [refused] = await database.rows('refused_steps')
    expect(refused).toMatchObject({ process: 'invoicing', kind: 'issue', subject: '1' })
    expect(refused?.['reason']).toBe('invoice_id_taken: An invoice with this id exists')
    expect(await work()).toEqual(none)
    await reopen(String(refused?.['step_id']))
    await catchUp()
    expect(await work()).toEqual({ ...none, Refused: 1 })
  })

  test('more steps than a page holds are all taken, the longest due first', async () => {
    const { place, pass, catchUp, work, invoiceEvents } = wholesaler(database)
    const early = Array.from({ length: 20 }, (_, index) => String(100 + index))
    const late = Array.from({ length: 30 }, (_, index) => String(50 + index))
    for (const id of early) await place(id)
    pass(0.01)
    for (const id of late) await place(id)
    await catchUp()
    pass(24)
    expect(await work()).toEqual({ ...none, Done: 50 })
    const invoiced = invoiceEvents().flatMap(({ event }) => (InvoiceEvent.is(event) ? [event.data.orderId] : []))
    expect(early).toEqual(expect.arrayContaining(invoiced.slice(0, 16)))
    expect(new Set(invoiced)).toEqual(new Set([...early, ...late]))
  })
})

type Act = (shop: ReturnType<typeof wholesaler>) => Promise<unknown>

const orderId = fc.constantFrom('1', '2', '3', '4', '5')
const invoiceId = fc.constantFrom('a', 'b', 'c')
const placing =
  (id: string): Act =>
  (shop) =>
    shop.place(id)
const cancelling =
  (id: string): Act =>
  (shop) =>
    shop.cancel(id)
const issuing =
  (order: string, invoice: string): Act =>
  (shop) =>
    shop.issue(order, invoice)
const annulling =
  (id: string): Act =>
  (shop) =>
    shop.annul(id)
const passing =
  (hours: number): Act =>
  async (shop) =>
    shop.pass(hours)

const acts: fc.Arbitrary<Act> = fc.oneof(
  orderId.map(placing),
  orderId.map(cancelling),
  fc.tuple(orderId, invoiceId).map(([order, invoice]) => issuing(order, invoice)),
  invoiceId.map(annulling),
  fc.integer({ min: 1, max: 30 }).map(passing),
  fc.constant<Act>(({ catchUp }) => catchUp()),
  fc.constant<Act>(({ work }) => work()),
  fc.constant<Act>(({ work }) => Promise.all([work(), work()])),
)

/** By order: how many invoices were ever issued, how many stand, how many the process made. */
const invoicesByOrder = (shop: ReturnType<typeof wholesaler>) => {
  const counted = new Map<string, { issued: number; open: number; automatic: number }>()
  for (const { by, event } of shop.invoiceEvents()) {
    if (!InvoiceEvent.is(event)) throw new Error(`no event of an invoice: ${event.type}`)
    const before = counted.get(event.data.orderId) ?? { issued: 0, open: 0, automatic: 0 }
    const issued = event.type === 'InvoiceIssued' ? 1 : 0
    counted.set(event.data.orderId, {
      issued: before.issued + issued,
      open: before.open + (issued === 1 ? 1 : -1),
      automatic: before.automatic + (issued === 1 && by === 'process:invoicing' ? 1 : 0),
    })
  }
  return counted
}

const ordersOf = ({ store }: ReturnType<typeof wholesaler>) => {
  const types = Map.groupBy(
    store.commits().filter(({ stream }) => stream.type === 'order'),
    ({ stream }) => stream.id,
  )
  return [...types].map(([id, commits]) => ({ id, cancelled: commits.length > 1 }))
}

test('whatever people do meanwhile, in the end every order has its invoice, or is cancelled and has none', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(acts, { maxLength: 40, size: 'max' }), async (history) => {
      await database.empty()
      const shop = wholesaler(database)
      shop.set(ON)
      for (const act of history) await act(shop)
      shop.pass(24)
      for (let run = 0; run < 3; run += 1) {
        await shop.catchUp()
        await shop.work()
      }
      await shop.catchUp()
      expect(await shop.work()).toEqual(none)
      const invoices = invoicesByOrder(shop)
      for (const { id, cancelled } of ordersOf(shop)) {
        const { issued, open, automatic } = invoices.get(id) ?? { issued: 0, open: 0, automatic: 0 }
        if (cancelled) expect(open).toBe(0)
        else expect(issued).toBeGreaterThan(0)
        expect(open).toBeLessThanOrEqual(1)
        expect(automatic).toBeLessThanOrEqual(1)
      }
      const numbers = shop.invoiceEvents().flatMap(({ event }) => {
        return InvoiceEvent.is(event) && event.type === 'InvoiceIssued' ? [event.data.number] : []
      })
      expect(numbers).toEqual(numbers.map((_, index) => index + 1))
    }),
    { numRuns: 25 },
  )
})
