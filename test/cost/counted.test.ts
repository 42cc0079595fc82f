import { expect, test } from 'vitest'
import { ORDER } from '../../infra/aws/capacity.ts'
import { dynamodbEndpoints } from '../engines/engines.ts'
import { countImport } from './counting.ts'

/** What is sealed differs from run to run, and packs differently. */
const TOLERANCE = 0.02

test('an order takes what capacity and cost are derived from', async () => {
  const orders = (await countImport(dynamodbEndpoints().dynoxide)).get('/v1/orders')
  if (orders === undefined) throw new Error('no order was sent')
  expect(orders.commands).toBe(352)
  for (const name of ['writeUnits', 'requests', 'feedBytes', 'relayedBytes'] as const) {
    const counted = orders[name] / orders.commands
    expect([name, Math.abs(counted / ORDER[name] - 1) < TOLERANCE, counted]).toEqual([name, true, counted])
  }
})
