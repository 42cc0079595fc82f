import assert from 'node:assert/strict'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { eventually } from '../e2e/instance.ts'
import type { Http } from './deployed.ts'
import type { EmulatedClient } from './poison.ts'

const ORDER = {
  orderId: 'invoiced-by-itself',
  currency: 'GBP',
  lines: [{ sku: '85123A', quantity: 6, unitPrice: { amount: '2.55', currency: 'GBP' } }],
}

/** An order that is placed while the flag is on is invoiced by the deployed function, within a run or two of it. */
export const invoicedByItself = async (client: EmulatedClient, http: Http, token: string): Promise<void> => {
  const lambda = new LambdaClient(client)
  const invoices = async (): Promise<string> => {
    const { FunctionError, Payload } = await lambda.send(
      new InvokeCommand({ FunctionName: 'daybook-emulated-process', Payload: Buffer.from('{}') }),
    )
    assert.equal(FunctionError, undefined, Buffer.from(Payload ?? []).toString())
    return JSON.stringify((await http(token, '/v1/audit/events?type=InvoiceIssued')).json)
  }
  assert.equal((await http(token, '/v1/orders', ORDER)).status, 201)
  const told = await eventually(invoices, (text) => text.includes(ORDER.orderId))
  assert.match(told, new RegExp(ORDER.orderId))
  assert.match(told, /process:invoicing/)
  // What was imported before the flag was on is nobody's to invoice.
  assert.equal(told.match(/"InvoiceIssued"/g)?.length, 1)
}
