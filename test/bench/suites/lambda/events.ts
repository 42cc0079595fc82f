import { randomBytes } from 'node:crypto'
import type { FunctionName } from '../../../../infra/lambda/functions.ts'
import { newUlid } from '../../../../infra/ulids.ts'
import type { Deployment } from '../../../aws/deployment.ts'
import { apiEvent, kinesisOf, streamOf } from '../../../aws/events.ts'

export const TENANT = 'bench'
export const SKU = 'lantern'

export const productEvent = (token: string, sku: string) =>
  apiEvent('POST', '/v1/products', {
    token,
    body: { sku, name: 'White metal lantern', price: { amount: '3.39', currency: 'GBP' } },
  })

const CUSTOMER = '17850'

/** An order, so that there is somebody to be asked about. */
export const orderEvent = (token: string) => {
  const lines = [{ sku: SKU, quantity: 6, unitPrice: { amount: '3.39', currency: 'GBP' } }]
  return apiEvent('POST', '/v1/orders', { token, body: { customerId: CUSTOMER, currency: 'GBP', lines } })
}

/** Whether a function has done what it was asked for, by its answer. */
export const isFine = (answer: unknown): boolean => {
  const text = JSON.stringify(answer)
  const status = /"statusCode":(\d+)/.exec(text)?.[1]
  const failures = /"batchItemFailures":(\[[^\]]*\])/.exec(text)?.[1]
  return (status === undefined || status.startsWith('2')) && (failures === undefined || failures === '[]')
}

/** A fitting event for each function, a new one at each call. @param token of an admin. */
export const eventsOf = (
  { variables, s3 }: Deployment,
  endpoint: string,
  token: string,
): { readonly [Name in FunctionName]: () => Promise<unknown> } => {
  const stream = () => streamOf(endpoint, variables.DAYBOOK_EVENT_TABLE)
  const kinesis = async () => kinesisOf(await stream())
  return {
    'command-api': async () => productEvent(token, randomBytes(8).toString('hex')),
    'query-api': async () => apiEvent('GET', `/v1/products/${SKU}`, { token }),
    'subjects-api': async () => apiEvent('GET', `/v1/subjects/${CUSTOMER}/export`, { token }),
    'project-views': stream,
    'project-search': kinesis,
    archive: kinesis,
    relay: kinesis,
    process: async () => ({}),
    redrive: async () => ({}),
    seal: async () => ({}),
    'export-trail': async () => {
      const id = newUlid()
      const askedAt = new Date().toISOString()
      const job = { id, status: 'running', askedAt, reason: null, files: [] }
      s3.objects.set(`/exports/exports/${TENANT}/${id}.json`, Buffer.from(JSON.stringify(job)))
      const to = new Date(Date.now() - 600_000).toISOString()
      return { id, tenant: TENANT, filter: {}, format: 'jsonl', to }
    },
    migrate: async () => ({
      RequestType: 'Update',
      ResponseURL: '',
      StackId: '',
      RequestId: '',
      LogicalResourceId: '',
      ResourceProperties: { ServiceToken: 'migrate' },
    }),
    'pre-token': async () => ({
      request: { userAttributes: { 'custom:tenant': TENANT }, groupConfiguration: { groupsToOverride: ['sales'] } },
    }),
  }
}
