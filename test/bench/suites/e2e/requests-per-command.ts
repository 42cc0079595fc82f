import { composeApi } from '../../../../infra/local/compose-api.ts'
import type { Settings } from '../../../../infra/local/settings.ts'
import { silentLogger } from '../../../../infra/log/logger.ts'
import { cleaningUp } from '../../clean-up.ts'
import { countingProxy } from '../../counting-proxy.ts'
import { CUSTOMERS, orderOf, type PlaceOrder, requestOf } from '../../orders.ts'

/** The headers that an order is sent with, beside the caller's. */
export type Keying = (order: PlaceOrder) => { readonly [header: string]: string }

export const unkeyed: Keying = () => ({})
export const keyed: Keying = ({ orderId }) => ({ 'Idempotency-Key': `order-${orderId}` })

const COUNTED = 20
/** Far from the orders that are timed. */
const FIRST = 10_000_000

/** Requests to DynamoDB for one command about a customer whom the process knows, counted on an API of its own behind a proxy. */
export const requestsPerCommand = (
  settings: Settings,
  caller: Readonly<Record<string, string>>,
  keying: Keying,
): Promise<number> =>
  cleaningUp(async (cleanUp) => {
    const proxy = await countingProxy(settings.dynamodbEndpoint, cleanUp)
    const api = await composeApi({ ...settings, dynamodbEndpoint: proxy.url }, silentLogger)
    cleanUp.defer(() => api.close())
    const place = async (first: number): Promise<void> => {
      for (let nth = first; nth < first + COUNTED; nth += 1) {
        const order = orderOf(nth, 1)
        const headers = { 'Content-Type': 'application/json', ...caller, ...keying(order) }
        const answer = await api.fetch(
          new Request(`${settings.publicUrl}/v1/orders`, { method: 'POST', headers, body: requestOf(order) }),
        )
        if (answer.status !== 201) throw new Error(`POST /v1/orders answered ${answer.status}: ${await answer.text()}`)
      }
    }
    await place(FIRST)
    const before = proxy.requests()
    await place(FIRST + CUSTOMERS)
    return (proxy.requests() - before) / COUNTED
  })
