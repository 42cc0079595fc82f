import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { eventAccessLog } from '../../../infra/access-log/event-log.ts'
import type { Access } from '../../../infra/access-log/port.ts'
import { memoryEventStore } from '../../../infra/event-store/memory.ts'
import { EventStoreFault } from '../../../infra/event-store/port.ts'
import { newUlid } from '../../../infra/ulids.ts'
import { testStamp } from '../event-store/stamp.ts'

const access: Access = {
  as: 'audit',
  tenant: 'acme',
  actor: { subject: 'ann', roles: ['auditor'], client: 'console' },
  correlationId: 'trace-1',
  operationId: 'getOrderHistory',
  asked: { path: { id: '536365' }, query: { limit: '10' } },
}

test('an access is an event that tells who asked what, in the tenant’s own trail', async () => {
  const store = memoryEventStore(testStamp)
  const { record } = eventAccessLog(store, () => 'read-1')
  await record(access)
  await eventAccessLog(store, () => 'read-2').record({ ...access, as: 'personal', operationId: 'listOrders' })
  expect(store.commits()).toMatchObject([
    {
      stream: { tenant: 'acme', type: 'access-log', id: 'read-1' },
      version: 1,
      actor: access.actor,
      correlationId: 'trace-1',
      causationId: null,
      events: [
        {
          type: 'AuditTrailRead',
          schemaVersion: 1,
          data: { operationId: 'getOrderHistory', path: { id: '536365' }, query: { limit: '10' } },
        },
      ],
    },
    { stream: { id: 'read-2' }, events: [{ type: 'PersonalDataRead', data: { operationId: 'listOrders' } }] },
  ])
})

test('accesses at once are all kept, and none waits for another', async () => {
  const store = memoryEventStore(testStamp)
  const { record } = eventAccessLog(store, newUlid)
  await Promise.all(Array.from({ length: 200 }, () => record(access)))
  expect(new Set(store.commits().map(({ stream }) => stream.id)).size).toBe(200)
})

test('what was not kept is not acknowledged', async () => {
  const store = memoryEventStore(testStamp)
  const down = async () => Promise.reject(new EventStoreFault('away', 'unavailable'))
  await expect(eventAccessLog({ ...store, append: down }, newUlid).record(access)).rejects.toThrow('away')
  const full = async () => E.left({ _tag: 'CommitTooLarge', size: 2, limit: 1 } as const)
  await expect(eventAccessLog({ ...store, append: full }, newUlid).record(access)).rejects.toThrow('CommitTooLarge')
  const { record } = eventAccessLog(store, () => 'the same id')
  await record(access)
  await expect(record({ ...access, correlationId: 'other' })).rejects.toThrow('Conflict')
})
