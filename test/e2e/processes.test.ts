import { expect, test } from 'vitest'
import { eventually } from './instance.ts'
import { runningInstance } from './running.ts'

const { daybook, admin } = await runningInstance()

const order = (orderId: string) => ({
  orderId,
  currency: 'GBP',
  lines: [{ sku: '71053', quantity: 6, unitPrice: { amount: '3.39', currency: 'GBP' } }],
})

const invoicing = (...args: ReadonlyArray<string>) => daybook.cli('flags', 'set', 'automatic-invoicing', ...args)

/** What the trail tells of invoices, oldest first. */
const invoices = async (): Promise<string> => {
  const { json } = await daybook.http(admin(), '/v1/audit/events?type=InvoiceIssued')
  return JSON.stringify(json)
}

test('with the flag on, orders are invoiced by themselves, and the invoices of those cancelled are voided', async () => {
  expect((await daybook.http(admin(), '/v1/orders', order('before'))).status).toBe(201)
  expect((await invoicing('--enabled', '--after-hours', '0')).code).toBe(0)
  expect((await daybook.http(admin(), '/v1/orders', order('after'))).status).toBe(201)
  expect(await eventually(invoices, (text) => text.includes('"after"'))).toContain('process:invoicing')
  expect(await invoices()).not.toContain('"before"')

  await daybook.http(admin(), '/v1/orders/after/cancellation', { reason: 'ordered twice' })
  const voided = await eventually(
    async () => JSON.stringify((await daybook.http(admin(), '/v1/audit/events?type=InvoiceVoided')).json),
    (text) => text.includes('InvoiceVoided'),
  )
  expect(voided).toContain('its order was cancelled')

  expect((await invoicing('--disabled')).code).toBe(0)
  expect((await daybook.http(admin(), '/v1/process-steps')).json).toEqual({ items: [], nextCursor: null })
  const figures = await (await fetch(`${await daybook.url()}/metrics`)).text()
  expect(figures).toContain('daybook_process_steps_total{process="invoicing",outcome="done"} 2')
})
