import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import { httpTransport } from '../../../../infra/cli/transport.ts'
import { dynamoDbClient } from '../../../../infra/dynamodb-client.ts'
import { itemOf } from '../../../../infra/event-store/item.ts'
import { createTable, eventTableDefinition } from '../../../../infra/event-store/table.ts'
import type { Engine } from '../../../../infra/local/engines/engine.ts'
import type { Arm, Case, Round } from '../../bench.ts'
import { rssOf } from '../../machine.ts'
import { CUSTOMERS, commitOf, orderOf, type PlaceOrder, requestOf } from '../../orders.ts'
import { timedEach } from '../../stopwatch.ts'
import type { RunningApi } from './api.ts'
import { type Keying, keyed, requestsPerCommand, unkeyed } from './requests-per-command.ts'

const LINES = 5
const BARE_TABLE = 'bench-bare-events'

type CommandHttp = {
  readonly api: RunningApi
  readonly dynamodb: Engine
  /** Commands under way at a time, each on a connection of its own that stays open. */
  readonly width: number
  /** Commands a round. */
  readonly count: number
}

/** Answers so many more orders every time. */
const freshOrders = (): ((count: number) => ReadonlyArray<PlaceOrder>) => {
  let next = 0
  return (count) => {
    next += count
    return Array.from({ length: count }, (_, index) => orderOf(next - count + index, LINES))
  }
}

/** The same items into a table of the same definition, by the same client, and nothing else. */
const bare = async ({ dynamodb, width, count }: CommandHttp, cleanUp: AsyncDisposableStack): Promise<Arm> => {
  const client = dynamoDbClient(dynamodb.url)
  cleanUp.defer(() => client.destroy())
  await createTable(client, eventTableDefinition(BARE_TABLE))
  const orders = freshOrders()
  const put = (item: ReturnType<typeof itemOf>) =>
    client.send(
      new PutItemCommand({ TableName: BARE_TABLE, Item: item, ConditionExpression: 'attribute_not_exists(pk)' }),
    )
  return {
    name: 'bare',
    requestsPerOp: 1,
    round: () => {
      const items = orders(count).map((order) => itemOf(commitOf(tenantOf(width), order)))
      return timedEach(items, width, put)
    },
  }
}

const tenantOf = (width: number): string => `command-c${width}`

/** Orders through HTTP; a tenant for each arm, so that both can place the same orders. */
const daybook = async (
  { api, width, count }: CommandHttp,
  { name, tenant, keying }: { readonly name: string; readonly tenant: string; readonly keying: Keying },
): Promise<Arm> => {
  const caller = await api.callerOf(tenant)
  const orders = freshOrders()
  const place = async (some: number): Promise<Round> => {
    const requests = orders(some).map((order) => ({ headers: { ...caller, ...keying(order) }, body: requestOf(order) }))
    // Anew, because the API closes connections that stood idle while others had their round.
    const transport = httpTransport(api.url, width)
    return timedEach(requests, width, async ({ headers, body }) => {
      const answer = await transport.post('/v1/orders', headers, body)
      if (answer.status !== 201) throw new Error(`POST /v1/orders answered ${answer.status}: ${answer.body}`)
    }).finally(transport.close)
  }
  // The first order of a customer puts the customer's key, too: in no round, rather than in some.
  await place(CUSTOMERS)
  return {
    name,
    requestsPerOp: await requestsPerCommand(api.settings, caller, keying),
    rssMb: () => rssOf(api.pid),
    round: () => place(count),
  }
}

/** Commands a second: an order of five lines by a known customer, from the request on the wire to its answer, the event stored in between. */
export const commandHttp = (setup: CommandHttp): Case => ({
  name: `command-http-c${setup.width}`,
  unit: 'commands/s',
  prepare: async (cleanUp) => {
    const tenant = tenantOf(setup.width)
    return [
      await bare(setup, cleanUp),
      await daybook(setup, { name: 'daybook', tenant, keying: unkeyed }),
      await daybook(setup, { name: 'daybook-keyed', tenant: `${tenant}-keyed`, keying: keyed }),
    ]
  },
})
