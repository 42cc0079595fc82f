import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { numbering } from '../../commands/numbering.ts'
import { warmStreams } from '../../commands/warm-streams.ts'
import { memoryEventStore } from '../../infra/event-store/memory.ts'
import { EventStoreFault } from '../../infra/event-store/port.ts'
import type { TransactionalEventStore } from '../../infra/event-store/transaction-port.ts'
import { draftOf } from '../contracts/event-store.ts'
import { testStamp } from '../infra/event-store/stamp.ts'
import { boxOffice, numbersIn } from './tickets.ts'

const noWait = async (): Promise<void> => {}
const officeOn = (store: TransactionalEventStore) =>
  boxOffice({ store, numbering: numbering(() => noWait), backOff: noWait, warm: warmStreams() })

const office = () => {
  const store = memoryEventStore(testStamp)
  return { store, ...officeOn(store) }
}

const numbered = (number: number) => E.right(expect.objectContaining({ number, replayed: false }))

test('numbers go up by one, and a rejected command uses none', async () => {
  const { issue } = office()
  expect(await issue({ id: 'a', seat: '1' })).toEqual(numbered(1))
  const taken = E.left({ _tag: 'Rejected', rejection: { _tag: 'SeatTaken', by: 'a' } })
  expect(await issue({ id: 'b', seat: '1' })).toEqual(taken)
  expect(await issue({ id: 'a', seat: '3', commandId: 'other' })).toEqual(
    E.left({ _tag: 'Rejected', rejection: { _tag: 'NotToday' } }),
  )
  expect(await issue({ id: 'c', seat: '2' })).toEqual(numbered(2))
  expect(await issue({ id: 'd', seat: '1', tenant: 'other' })).toEqual(numbered(1))
})

test('what is released can be claimed again, and a number stays used', async () => {
  const { issue, give } = office()
  await issue({ id: 'a', seat: '1' })
  expect(await give({ id: 'a' }, 'Return')).toMatchObject(E.right({ number: null, version: 2 }))
  expect(await issue({ id: 'b', seat: '1' })).toEqual(numbered(2))
})

test('a command that was applied before is answered and uses no number', async () => {
  const store = memoryEventStore(testStamp)
  let transactions = 0
  const { issue, give } = officeOn({
    ...store,
    appendAll: (transaction) => {
      transactions += 1
      return store.appendAll(transaction)
    },
  })
  await issue({ id: 'a', seat: '1' })
  await give({ id: 'a' }, 'Return')
  await issue({ id: 'b', seat: '1' })
  expect(await issue({ id: 'a', seat: '1' })).toMatchObject(E.right({ replayed: true, number: null, version: 1 }))
  expect(await issue({ id: 'c', seat: '2' })).toEqual(numbered(3))
  expect(store.commits()).toHaveLength(4)
  expect(transactions).toBe(4)
})

test('a commit that claims, releases and numbers nothing is one plain append', async () => {
  const { store, issue } = office()
  await issue({ id: 'a', seat: '1' })
  const plain: TransactionalEventStore = { ...store, appendAll: () => Promise.reject(new Error('a transaction')) }
  expect(E.isRight(await officeOn(plain).give({ id: 'a' }, 'Print'))).toBe(true)
  await expect(officeOn(plain).give({ id: 'a' }, 'Return')).rejects.toThrow('a transaction')
})

test('a command is made anew when a stream that it was made from has moved', async () => {
  const { store, issue } = office()
  const stream = { tenant: 'acme', type: 'show', id: 'tonight' }
  let position = store.emptyStream(stream)
  const seen: number[] = []
  const issued = await issue({
    id: 'a',
    seat: '1',
    basis: async () => {
      const known = position
      seen.push(known.version)
      if (known.version < 2) {
        const moved = await store.append(position, draftOf(`c${known.version}`, 1))
        if (E.isRight(moved)) position = moved.right.position
      }
      return known
    },
  })
  expect(issued).toEqual(numbered(1))
  expect(seen).toEqual([0, 1, 2])
})

test('a basis that never stands still ends in contention, and nothing is written', async () => {
  const { store, issue } = office()
  const stream = { tenant: 'acme', type: 'show', id: 'tonight' }
  const behind = store.emptyStream(stream)
  await store.append(behind, draftOf('c1', 1))
  const issued = await issue({ id: 'a', seat: '1', basis: async () => behind })
  expect(issued).toMatchObject(E.left({ _tag: 'Contended' }))
  expect(store.commits()).toHaveLength(1)
})

test.each([
  { _tag: 'Contended', attempts: 10 } as const,
  { _tag: 'OverLimit', limit: 'actions', actual: 101, allowed: 100 } as const,
  { _tag: 'CommitTooLarge', size: 500_000, limit: 400_000 } as const,
])('a transaction that the store answers with $_tag is answered so', async (failure) => {
  const { store } = office()
  const { issue } = officeOn({ ...store, appendAll: async () => E.left(failure) })
  expect(await issue({ id: 'a', seat: '1' })).toEqual(E.left(failure))
})

/** Loses the answer of some transactions after they were written, and fails others before; others go on between its steps. */
const faulty = (
  store: TransactionalEventStore,
  s: fc.Scheduler,
  faults: Iterator<'none' | 'before' | 'after'>,
): TransactionalEventStore => ({
  ...store,
  read: async function* (name, range) {
    await s.schedule(Promise.resolve())
    yield* store.read(name, range)
  },
  appendAll: async (transaction) => {
    const fault = faults.next().value ?? 'none'
    await s.schedule(Promise.resolve())
    if (fault === 'before') throw new EventStoreFault('lost before', 'unavailable')
    const appended = await store.appendAll(transaction)
    await s.schedule(Promise.resolve())
    if (fault === 'after') throw new EventStoreFault('lost after', 'unavailable')
    return appended
  },
})

test('whatever the timing and the faults, numbers have no gap, no seat is given twice, and what was answered is there', async () => {
  const fault = fc.constantFrom('none', 'none', 'none', 'before', 'after')
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(fault, { maxLength: 40 }),
      fc.integer({ min: 1, max: 3 }),
      async (s, faults, processes) => {
        const store = memoryEventStore(testStamp)
        const shaky = faulty(store, s, faults[Symbol.iterator]())
        const answered = new Map<string, number | null>()
        const writer = async (name: string, { issue, give }: ReturnType<typeof officeOn>): Promise<void> => {
          for (let nth = 0; nth < 3; nth += 1) {
            const id = `${name}-${nth}`
            for (let tries = 0; tries < 4 && !answered.has(id); tries += 1) {
              const outcome = await issue({ id, seat: String(nth) }).catch(() => undefined)
              if (outcome !== undefined && E.isRight(outcome)) answered.set(id, outcome.right.number)
            }
            if (answered.has(id) && nth === 1) await give({ id }, 'Return').catch(() => undefined)
          }
        }
        const offices = Array.from({ length: processes }, () => officeOn(shaky))
        await s.waitFor(
          Promise.all(offices.flatMap((one, p) => ['a', 'b'].map((writing) => writer(`${p}${writing}`, one)))),
        )
        const events = store.commits().flatMap(({ stream, events: [event] }) => ({ ticket: stream.id, event }))
        const issued = events.filter(({ event }) => event?.type === 'TicketIssued')
        const data = issued.map(({ event }) => Object(event?.data))
        expect(data.map(({ number }) => number)).toEqual(issued.map((_, index) => index + 1))
        for (const [id, number] of answered) {
          const [stored] = await numbersIn(store, { tenant: 'acme', type: 'ticket', id })
          expect(stored).toBeGreaterThan(0)
          if (number !== null) expect(number).toBe(stored)
        }
        const holders = new Map<string, string>()
        for (const { ticket, event } of events) {
          const seat: unknown = Object(event?.data).seat
          const holder = holders.get(String(seat))
          if (event?.type === 'TicketIssued') {
            expect(holder).toBeUndefined()
            holders.set(String(seat), ticket)
          } else {
            expect(holder).toBe(ticket)
            holders.delete(String(seat))
          }
        }
      },
    ),
    { numRuns: 200 },
  )
})
