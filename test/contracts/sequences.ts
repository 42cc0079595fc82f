import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { numbering } from '../../commands/numbering.ts'
import type { Pauses } from '../../infra/decorrelated-jitter.ts'
import { EventStoreFault } from '../../infra/event-store/port.ts'
import type { TransactionalEventStore } from '../../infra/event-store/transaction-port.ts'
import { boxOffice, numbersIn } from '../commands/tickets.ts'

const TICKETS = 96
const WRITERS = 32

let tenants = 0
const freshTenant = (): string => {
  tenants += 1
  return `numbers-${tenants}-${process.pid}-${Date.now()}`
}

const ids = Array.from({ length: TICKETS }, (_, index) => `ticket ${index}`)

const officeOn = (store: TransactionalEventStore, pauses: Pauses) =>
  boxOffice({ store, numbering: numbering(pauses), backOff: async () => {} })
type Office = ReturnType<typeof officeOn>

/** Issues a ticket, as often as it takes: contention and faults are told to come again. */
const insist = async ({ issue }: Office, tenant: string, id: string): Promise<void> => {
  for (;;) {
    const outcome = await issue({ tenant, id, seat: id }).catch((error: unknown) => {
      if (!(error instanceof EventStoreFault)) throw error
      return undefined
    })
    if (outcome === undefined) continue
    if (E.isRight(outcome)) return
    expect(outcome.left).toMatchObject({ _tag: 'Contended' })
  }
}

/** Shares the ids out among so many writers, each of which does one at a time. */
const writers = (count: number, work: (id: string, writer: number) => Promise<void>): Promise<unknown> => {
  const waiting = ids.values()
  return Promise.all(
    Array.from({ length: count }, async (_, writer) => {
      for (const id of waiting) await work(id, writer)
    }),
  )
}

/** Every ticket has one number, and together they are 1, 2, 3, … */
const expectGapless = async (store: TransactionalEventStore, tenant: string): Promise<void> => {
  const streams = ids.map((id) => ({ tenant, type: 'ticket', id }))
  const numbers = await Promise.all(streams.map((stream) => numbersIn(store, stream)))
  expect(numbers.filter((inOne) => inOne.length !== 1)).toEqual([])
  expect(numbers.flat().toSorted((one, other) => one - other)).toEqual(ids.map((_, index) => index + 1))
}

type Fate = 'passes' | 'fails' | 'answer lost' | 'dies before' | 'dies after'

/** The same fates in every run: most transactions pass, one in six does not. */
const fates = (seed: number): (() => Fate) => {
  const troubles = ['fails', 'answer lost', 'dies before', 'dies after'] as const
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state % 6 === 0 ? (troubles[(state >> 4) % troubles.length] ?? 'passes') : 'passes'
  }
}

const never = new Promise<never>(() => {})

/** The store as a process sees it that may die at every step: from then on it neither asks nor hears anything. */
const mortal = (store: TransactionalEventStore, fate: () => Fate) => {
  let die = (): void => {}
  let dead = false
  const death = new Promise<void>((resolve) => {
    die = () => {
      dead = true
      resolve()
    }
  })
  const appendAll: TransactionalEventStore['appendAll'] = async (transaction) => {
    const befallen = dead ? 'dies before' : fate()
    if (befallen === 'fails') throw new EventStoreFault('lost before', 'unavailable')
    if (befallen === 'dies before') {
      die()
      return never
    }
    const appended = await store.appendAll(transaction)
    if (befallen === 'answer lost') throw new EventStoreFault('lost after', 'unavailable')
    if (befallen === 'dies after') die()
    return dead ? never : appended
  }
  return { store: { ...store, appendAll }, death }
}

/** What every event store with transactions keeps of gapless sequences. `pauses`: between lost races. */
export const sequenceContract = (
  name: string,
  connect: () => Promise<TransactionalEventStore>,
  pauses: Pauses,
): void => {
  describe(`gapless sequences on ${name}`, () => {
    test(`${WRITERS} writers of one process take one transaction a number`, async () => {
      const tenant = freshTenant()
      const store = await connect()
      let transactions = 0
      const counting: TransactionalEventStore = {
        ...store,
        appendAll: (transaction) => {
          transactions += 1
          return store.appendAll(transaction)
        },
      }
      const office = officeOn(counting, pauses)
      await writers(WRITERS, (id) => insist(office, tenant, id))
      await expectGapless(store, tenant)
      expect(transactions).toBe(TICKETS)
    })

    test(`${WRITERS} writers of four processes leave no gap and no number twice`, async () => {
      const tenant = freshTenant()
      const stores = await Promise.all(Array.from({ length: 4 }, connect))
      const offices = stores.map((store) => officeOn(store, pauses))
      await writers(WRITERS, async (id, writer) => {
        const office = offices[writer % offices.length]
        if (office !== undefined) await insist(office, tenant, id)
      })
      await expectGapless(await connect(), tenant)
    })

    test('processes that die or lose answers anywhere, and begin again, leave no gap and no number twice', async () => {
      const tenant = freshTenant()
      const fate = fates(20_261_125)
      const done = new Set<string>()
      let deaths = 0
      const live = async (): Promise<void> => {
        const { store, death } = mortal(await connect(), fate)
        const office = officeOn(store, pauses)
        const work = writers(WRITERS / 4, async (id) => {
          if (done.has(id)) return
          await insist(office, tenant, id)
          done.add(id)
        })
        await Promise.race([work, death])
      }
      const process = async (): Promise<void> => {
        while (done.size < TICKETS) {
          await live()
          deaths += 1
        }
      }
      await Promise.all(Array.from({ length: 4 }, process))
      expect(deaths).toBeGreaterThan(4)
      await expectGapless(await connect(), tenant)
    })
  })
}
