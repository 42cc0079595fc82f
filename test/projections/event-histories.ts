import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { adjustment } from '../../domain/adjustment/index.ts'
import { creditNote } from '../../domain/credit-note/index.ts'
import type { Decider } from '../../domain/decider.ts'
import { fold } from '../../domain/fold.ts'
import { invoice } from '../../domain/invoice/index.ts'
import { order } from '../../domain/order/index.ts'
import { processStep } from '../../domain/process-step/index.ts'
import { type ProductCommand, product } from '../../domain/product/index.ts'
import { stock } from '../../domain/stock/index.ts'
import { memoryEventStore } from '../../infra/event-store/memory.ts'
import type { Commit, Draft, EventStore, Position, StoredEvent } from '../../infra/event-store/port.ts'

/** Decides commands on a stream and appends what happened, if anything did, as one commit. */
type Write<C> = (tenant: string, id: string, ...commands: ReadonlyArray<C>) => Promise<void>

const draftOf = (commandId: string, events: ReadonlyArray<StoredEvent>): Draft => ({
  commandId,
  fingerprint: 'f'.repeat(64),
  actor: { subject: 'tester', roles: ['sales'] },
  correlationId: 'correlation',
  causationId: null,
  events,
})

const writerOf = <S, C, Ev extends StoredEvent, R>(
  store: EventStore,
  type: string,
  decider: Decider<S, C, Ev, R>,
): Write<C> => {
  const ends = new Map<string, { readonly position: Position; readonly state: S }>()
  return async (tenant, id, ...commands) => {
    const empty = store.emptyStream({ tenant, type, id })
    const name = JSON.stringify(empty.stream)
    let { position, state } = ends.get(name) ?? { position: empty, state: decider.initial }
    const events: Ev[] = []
    for (const command of commands) {
      const decided = decider.decide(command, state)
      if (E.isLeft(decided)) continue
      events.push(...decided.right)
      state = fold(decider, decided.right, state)
    }
    if (events.length === 0) return
    const appended = await store.append(position, draftOf(`${name} ${position.version}`, events))
    if (E.isLeft(appended)) throw new Error(`not appended: ${appended.left._tag}`)
    position = appended.right.position
    ends.set(name, { position, state })
  }
}

/** Streams that no read model here concerns. */
const reservation: Decider<null, null, StoredEvent, never> = {
  initial: null,
  evolve: () => null,
  decide: () => E.right([{ type: 'SkuReserved', schemaVersion: 7, data: {} }]),
}

export const writersTo = (store: EventStore) => ({
  order: writerOf(store, 'order', order),
  creditNote: writerOf(store, 'credit-note', creditNote),
  adjustment: writerOf(store, 'adjustment', adjustment),
  invoice: writerOf(store, 'invoice', invoice),
  stock: writerOf(store, 'stock', stock),
  product: writerOf(store, 'product', product),
  processStep: writerOf(store, 'process-step', processStep),
  reservation: writerOf(store, 'reservation', reservation),
})

/** A command or a few, carried out. */
export type Step = (write: ReturnType<typeof writersTo>) => Promise<void>

/** Every commit is seven hours after the one before; ids ascend. */
export const stampOf = () => {
  let made = 0
  return {
    clock: () => new Date(Date.UTC(2026, 0, 1, 7 * made)),
    ulid: () => {
      made += 1
      return String(made).padStart(26, '0')
    },
  }
}

const tenant = fc.constantFrom('acme', 'beta')
const id = fc.constantFrom('1', '2', '3', '4')
const sku = fc.constantFrom('85014B', '85014b', 'POST', 'a b')
const customerId = fc.constantFrom(null, '17850', '13047')
const country = fc.constantFrom(null, 'United Kingdom', 'Côte d\'Ivoire \\ "x" {1,2}')
const currency = fc.constantFrom('GBP', 'EUR')
const time = fc.constantFrom('2010-12-01T08:26:00.000Z', '2010-12-01T23:59:59.999Z', '2011-02-28T00:00:00.000Z')
const unitPrice = fc.constantFrom('0', '0.001', '2.55', '999999.99')
const line = fc.record({
  sku,
  description: fc.constantFrom(null, '', 'HOLDER, "RED"'),
  quantity: fc.integer({ min: 1, max: 1_000_000 }),
  unitPrice,
})
const lines = fc.array(line, { minLength: 1, maxLength: 4 })
const reason = fc.constantFrom('damaged', 'NULL')

const placing = fc.record({ customerId, country, currency, placedAt: time, lines })
const cancelling = fc.record({ reason, cancelledAt: time })

const orderStep: fc.Arbitrary<Step> = fc
  .record({ tenant, id, place: fc.option(placing), cancel: fc.option(cancelling) })
  .map(
    ({ tenant, id, place, cancel }) =>
      (write) =>
        write.order(
          tenant,
          id,
          ...(place ? [{ type: 'PlaceOrder' as const, orderId: id, ...place }] : []),
          ...(cancel ? [{ type: 'CancelOrder' as const, orderId: id, ...cancel }] : []),
        ),
  )

const note = fc.record({ orderId: fc.option(id), customerId, country, currency, issuedAt: time, lines })
const creditStep: fc.Arbitrary<Step> = fc.record({ tenant, id, note }).map(
  ({ tenant, id, note }) =>
    (write) =>
      write.creditNote(tenant, id, { type: 'IssueCreditNote', creditNoteId: id, ...note }),
)

const issuing = fc.record({
  number: fc.integer({ min: 1, max: 9 }),
  orderId: id,
  customerId,
  currency,
  total: unitPrice,
  issuedAt: time,
})
const invoiceStep: fc.Arbitrary<Step> = fc
  .record({ tenant, id, issue: fc.option(issuing), annul: fc.option(fc.record({ reason, voidedAt: time })) })
  .map(
    ({ tenant, id, issue, annul }) =>
      (write) =>
        write.invoice(
          tenant,
          id,
          ...(issue ? [{ type: 'IssueInvoice' as const, invoiceId: id, ...issue }] : []),
          ...(annul ? [{ type: 'VoidInvoice' as const, invoiceId: id, ...annul }] : []),
        ),
  )

const amount = fc.record({ amount: fc.constantFrom('-11062.06', '0.000000000000000001', '7'), currency })
const booking = fc.record({ customerId, country, amount, reason, bookedAt: time })
const adjustmentStep: fc.Arbitrary<Step> = fc.record({ tenant, id, booking }).map(
  ({ tenant, id, booking }) =>
    (write) =>
      write.adjustment(tenant, id, { type: 'BookAdjustment', adjustmentId: id, ...booking }),
)

const stockStep: fc.Arbitrary<Step> = fc
  .record({ tenant, sku, quantity: fc.constantFrom(-7, 1, 1_000_000_000), reason })
  .map(
    ({ tenant, ...adjusting }) =>
      (write) =>
        write.stock(tenant, adjusting.sku, { type: 'AdjustStock', ...adjusting }),
  )

const productCommand = (sku: string): fc.Arbitrary<ProductCommand> => {
  const price = fc.record({ amount: unitPrice, currency })
  const category = fc.constantFrom(null, 'Light')
  const images = fc.array(fc.constantFrom('https://h.example/1,2.jpg', "http://h.example/a'b%22"), { maxLength: 3 })
  return fc.oneof(
    fc.record({
      type: fc.constant('AddProduct'),
      sku: fc.constant(sku),
      name: fc.constant('Ünïcode ☕'),
      category,
      price,
      images,
    }),
    fc.record({ type: fc.constant('ChangeProductPrice'), price }),
    fc.record({ type: fc.constant('DiscontinueProduct'), reason }),
  )
}
const productStep: fc.Arbitrary<Step> = fc
  .record({ tenant, sku })
  .chain(({ tenant, sku }) =>
    fc.array(productCommand(sku)).map((commands) => (write) => write.product(tenant, sku, ...commands)),
  )

const processStepStep: fc.Arbitrary<Step> = fc
  .record({ tenant, subject: id, reason, reopens: fc.boolean() })
  .map(({ tenant, subject, reason, reopens }) => (write) => {
    const step = { process: 'invoicing', kind: 'issue', subject }
    const command = reopens
      ? ({ type: 'ReopenStep', reason } as const)
      : ({ type: 'RefuseStep', step, reason } as const)
    return write.processStep(tenant, subject, command)
  })

const foreignStep: fc.Arbitrary<Step> = tenant.map((tenant) => (write) => write.reservation(tenant, '1', null))

const step = fc.oneof(
  { weight: 3, arbitrary: orderStep },
  creditStep,
  adjustmentStep,
  invoiceStep,
  stockStep,
  productStep,
  processStepStep,
  foreignStep,
)

/** What several tenants do, one command or a few at a time. */
export const commandHistories = (maxLength: number, minLength = 0): fc.Arbitrary<ReadonlyArray<Step>> =>
  fc.array(step, { minLength, maxLength, size: 'max' })

export type History = { readonly events: Pick<EventStore, 'read' | 'tail'>; readonly commits: ReadonlyArray<Commit> }

/** The commits of those commands that their deciders let through, and an event store that holds them. */
export const historyOf = async (steps: ReadonlyArray<Step>): Promise<History> => {
  const store = memoryEventStore(stampOf())
  const write = writersTo(store)
  for (const step of steps) await step(write)
  return { events: store, commits: store.commits() }
}
