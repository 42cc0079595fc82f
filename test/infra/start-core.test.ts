import * as E from 'fp-ts/lib/Either.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stockLevels } from '../../commands/aggregates.ts'
import { commandRequest } from '../../commands/command-request.ts'
import { silentLogger } from '../../infra/log/logger.ts'
import { type Core, startCore } from '../../infra/start-core.ts'
import { eventCodecs } from '../../projections/event-codecs.ts'
import { readModel } from '../../projections/read-model.ts'
import { stock } from '../../projections/views/stock.ts'
import { tablesOf } from '../../read-api/consistency.ts'
import { dynamodbEndpoints, freshDatabase, freshName } from '../engines/engines.ts'
import { eventually } from './local/eventually.ts'

let database: Awaited<ReturnType<typeof freshDatabase>>
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

const eventTable = freshName('core')
const start = (): Promise<Core> =>
  startCore({
    dynamodbEndpoint: dynamodbEndpoints().dynoxide,
    eventTable,
    postgresUrl: database.url,
    projections: [readModel(stock)],
    codecs: eventCodecs,
    log: silentLogger,
  })

const adjust = (core: Core, commandId: string, quantity: number) => {
  const command = { type: 'AdjustStock', sku: '71053', quantity, reason: 'counted' } as const
  const actor = { subject: 'tester', roles: ['admin'] }
  return core.execute(
    stockLevels,
    commandRequest(stockLevels, { tenant: 'acme', id: command.sku, command, commandId, actor }),
  )
}

/** Stock on hand, when the view has come to that version. */
const onHand = async ({ reads }: Core, version: number): Promise<unknown> => {
  const token = { streamType: 'stock', streamId: '71053', version }
  await eventually('the view holds the write', async () =>
    (await tablesOf(reads, stock).holds('acme', token)) ? true : null,
  )
  const text = 'SELECT on_hand FROM stock_levels WHERE tenant = $1'
  const { rows } = await reads.readsOf('acme').query({ name: 'on_hand', text, values: ['acme'] })
  return rows
}

test('a core that is started again goes on where it ended, and counts nothing twice', async () => {
  const first = await start()
  expect(await adjust(first, 'c1', 7)).toMatchObject(E.right({ version: 1 }))
  expect(await onHand(first, 1)).toEqual([{ on_hand: 7 }])
  await first.close()

  const second = await start()
  expect(await adjust(second, 'c2', -2)).toMatchObject(E.right({ version: 2 }))
  expect(await onHand(second, 2)).toEqual([{ on_hand: 5 }])
  expect(await adjust(second, 'c1', 7)).toMatchObject(E.right({ version: 1, replayed: true }))
  await second.close()
})
