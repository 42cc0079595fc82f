import * as E from 'fp-ts/lib/Either.js'
import { monotonicFactory } from 'ulid'
import { orders } from '../../../commands/aggregates.ts'
import { executeCommand } from '../../../commands/execute-command.ts'
import { issueInvoice, voidInvoice } from '../../../commands/invoicing/invoices.ts'
import { invoicing } from '../../../commands/invoicing/invoicing.ts'
import { numbering } from '../../../commands/numbering.ts'
import { processSteps } from '../../../commands/processes/process-steps.ts'
import { workOff } from '../../../commands/processes/work-off.ts'
import type { OrderCommand } from '../../../domain/order/index.ts'
import { memoryEventStore } from '../../../infra/event-store/memory.ts'
import { silentLogger } from '../../../infra/log/logger.ts'
import { silentMetrics } from '../../../infra/metrics/port.ts'
import { invoicingAgenda } from '../../../infra/processes/invoicing-agenda.ts'
import { newUlid } from '../../../infra/ulids.ts'
import { postgresViewStore } from '../../../infra/views/postgres.ts'
import type { FlagValues } from '../../../schemas/flags.ts'
import { projectorOf } from '../../projections/projector-under-test.ts'
import { eventOf } from '../../projections/stream-records.ts'
import type { ViewsDatabase } from '../postgres/views-database.ts'

export const BEGIN = new Date('2026-03-01T00:00:00.000Z')
const HOUR_MS = 3_600_000

/** A day after they are placed, unless a test says otherwise. */
export const ON: FlagValues = {
  'automatic-invoicing': { enabled: true, since: BEGIN.toISOString(), afterHours: 24 },
}

/** Orders and invoices of a book in memory, whose views in Postgres follow when they are told to. */
export const wholesaler = ({ projector }: ViewsDatabase) => {
  const ulid = monotonicFactory()
  let now = BEGIN
  let flags = ON
  let told = 0
  const clock = () => now
  const store = memoryEventStore({ clock, ulid })
  const deps = {
    store,
    backOff: async () => {},
    numbering: numbering(() => async () => {}),
    newId: newUlid,
    clock,
    metrics: silentMetrics,
    log: silentLogger,
  }
  const about = (tenant: string, type: string, id: string) => ({
    stream: { tenant, type, id },
    commandId: newUlid(),
    fingerprint: 'f'.repeat(64),
    creates: false,
    actor: { subject: 'somebody', roles: ['sales'] },
    correlationId: `of ${id}`,
    causationId: null,
  })
  const order = (tenant: string, id: string, command: OrderCommand) =>
    executeCommand(deps)(orders, { ...about(tenant, 'order', id), command: async () => E.right(command) })
  const project = projectorOf({ views: postgresViewStore(projector), events: store })
  const process = invoicing(deps, invoicingAgenda(projector, { current: async () => flags }))

  return {
    store,
    place: (id: string, tenant = 'acme') =>
      order(tenant, id, {
        type: 'PlaceOrder',
        orderId: id,
        customerId: null,
        country: null,
        currency: 'GBP',
        placedAt: '2010-12-01T08:26:00.000Z',
        lines: [{ sku: '71053', description: null, quantity: 6, unitPrice: '3.39' }],
      }),
    cancel: (id: string, tenant = 'acme') =>
      order(tenant, id, { type: 'CancelOrder', orderId: id, reason: 'ordered twice', cancelledAt: now.toISOString() }),
    issue: (orderId: string, invoiceId: string = newUlid(), tenant = 'acme') =>
      issueInvoice(deps)(about(tenant, 'invoice', invoiceId), orderId, now.toISOString()),
    annul: (invoiceId: string, tenant = 'acme') =>
      voidInvoice(deps)(about(tenant, 'invoice', invoiceId), 'wrong address', now.toISOString()),
    reopen: (id: string, tenant = 'acme') =>
      executeCommand(deps)(processSteps, {
        ...about(tenant, processSteps.streamType, id),
        command: async () => E.right({ type: 'ReopenStep', reason: 'try again' }),
      }),
    pass: (hours: number) => {
      now = new Date(now.getTime() + hours * HOUR_MS)
    },
    set: (values: FlagValues) => {
      flags = values
    },
    /** Lets the views catch up with the book. */
    catchUp: async () => {
      const commits = store.commits()
      const behind = commits.slice(told)
      told = commits.length
      if (behind.length > 0) await project(eventOf(behind))
    },
    /** One run of the process. */
    work: () => workOff(deps, process, new AbortController().signal),
    /** What became of it: the events of all invoices. */
    invoiceEvents: () =>
      store
        .commits()
        .filter(({ stream }) => stream.type === 'invoice')
        .flatMap(({ stream, actor, events }) =>
          events.map((event) => ({ tenant: stream.tenant, invoiceId: stream.id, by: actor.subject, event })),
        ),
  }
}
