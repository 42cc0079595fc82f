import { describe, expect, it } from 'vitest'
import { dynamoDbClient } from '../../../../infra/dynamodb-client.ts'
import { dynamodbEndpoints } from '../../../engines/engines.ts'
import type { Case } from '../../bench.ts'
import { cleaningUp } from '../../clean-up.ts'
import { runCase } from '../../run.ts'
import { append } from './append.ts'
import { bare } from './bare.ts'
import { castore } from './castore.ts'
import type { Append, Contender, Store } from './contender.ts'
import { contenders } from './contenders.ts'
import { contention, WRITERS } from './contention.ts'
import { contentionProcesses } from './contention-processes.ts'
import { daybook } from './daybook.ts'
import { faultsOf, NO_FAULTS } from './faults.ts'
import { LINES, type Posting } from './ledger.ts'
import { load } from './load.ts'
import { storedIn } from './stored.ts'

const NAMES = ['bare', 'daybook', 'castore', 'equinox']
const url = dynamodbEndpoints().dynoxide

/** One round, and the warm-up before it. */
const run = (one: Case) => runCase(one, { rounds: 1, signal: new AbortController().signal })

type Noted = {
  readonly contender: Contender
  /** Everything that the case asked it to write, seeds as well. */
  readonly asked: ReadonlyMap<string, ReadonlyArray<Posting>>
  /** Ids of what it was asked to append. */
  readonly appended: ReadonlyArray<string>
}

/** The same arm, which notes what it is asked for. */
const noting = (contender: Contender): Noted => {
  const asked = new Map<string, ReadonlyArray<Posting>>()
  const appended: string[] = []
  const note = (ledger: string, postings: ReadonlyArray<Posting>) =>
    asked.set(ledger, [...(asked.get(ledger) ?? []), ...postings])
  const noted =
    (append: Append): Append =>
    (ledger, posting) => {
      note(ledger, [posting])
      appended.push(posting.id)
      return append(ledger, posting)
    }
  const opening = ({ seed, append, load }: Store): Store => ({
    load,
    seed: (ledger, postings) => {
      note(ledger, postings)
      return seed(ledger, postings)
    },
    append: { cold: noted(append.cold), warm: noted(append.warm), contended: noted(append.contended) },
  })
  return { contender: { ...contender, open: (client) => opening(contender.open(client)) }, asked, appended }
}

/** Reads every ledger back and compares it with what was asked for. */
const expectStored = ({ contender, asked }: Noted, lines: number) =>
  cleaningUp(async (cleanUp) => {
    const client = dynamoDbClient(url)
    cleanUp.defer(() => client.destroy())
    for (const [ledger, postings] of asked) {
      const stored = await storedIn(client, contender, ledger)
      const { misjudged, ...faults } = faultsOf(stored, { postings: postings.map(({ id }) => id), size: lines })
      expect({ arm: contender.name, ...faults, misjudged: 0 }).toEqual({ arm: contender.name, ...NO_FAULTS })
      // The exception is a fault of equinox, which the suite reports.
      if (contender.name !== 'equinox') expect(misjudged).toBe(0)
    }
  })

const appends = [
  { temperature: 'cold', width: 1, requests: { bare: 2, daybook: 2, castore: 2, equinox: 2 } },
  { temperature: 'cold', width: 8, requests: { bare: 2, daybook: 2, castore: 2, equinox: 2 } },
  { temperature: 'warm', width: 1, requests: { bare: 1, castore: 2, equinox: 1 } },
  { temperature: 'warm', width: 8, requests: { bare: 1, castore: 2, equinox: 1 } },
] as const

describe('the suite of the event store', () => {
  it.each(appends)(
    'writes with every arm, $temperature and $width at a time',
    async ({ temperature, width, requests }) => {
      const noted = contenders.map(noting)
      const count = 2 * width
      const setup = { url, contenders: noted.map(({ contender }) => contender), temperature, width, count }
      const { name, arms } = await run(append(setup))
      expect(name).toBe(`append-${temperature}-c${width}`)
      expect(arms.map((arm) => arm.name)).toEqual(NAMES)
      for (const { rounds } of arms) expect(rounds.map(({ operations }) => operations)).toEqual([count])
      const counted = Object.fromEntries(arms.map((arm) => [arm.name, arm.requestsPerOp]))
      expect(counted).toMatchObject(requests)
      for (const { writeUnitsPerOp } of arms) expect(writeUnitsPerOp).toBeGreaterThanOrEqual(LINES)
      for (const one of noted) {
        expect(one.appended.length).toBeGreaterThanOrEqual(2 * count)
        await expectStored(one, LINES)
      }
    },
  )

  it('folds whole streams with every arm', async () => {
    const noted = contenders.map(noting)
    const { arms } = await run(
      load({ url, contenders: noted.map(({ contender }) => contender), events: 120, count: 2 }),
    )
    expect(arms.map(({ name, writeUnitsPerOp }) => [name, writeUnitsPerOp])).toEqual(NAMES.map((name) => [name, 0]))
    for (const { requestsPerOp } of arms) expect(requestsPerOp).toBeGreaterThanOrEqual(1)
    for (const one of noted) {
      expect(one.asked.size).toBe(1)
      await expectStored(one, 10)
    }
  })

  it('lets no round of loads pass that did not find all events', async () => {
    const forgetful: Contender = { ...bare, open: (client) => ({ ...bare.open(client), load: async () => 0 }) }
    await expect(run(load({ url, contenders: [forgetful], events: 20, count: 1 }))).rejects.toThrow(/has 20 entries/)
  })

  it('has eight writers on one stream with every arm, and no event is lost or doubled', async () => {
    const noted = contenders.map(noting)
    const { arms } = await run(contention({ url, contenders: noted.map(({ contender }) => contender), count: 2 }))
    expect(arms.map((arm) => arm.name)).toEqual(NAMES)
    for (const one of noted) {
      expect(one.appended).toHaveLength(3 * 2 * WRITERS)
      await expectStored(one, LINES)
    }
  })

  it('has eight processes on one stream with every arm, and no event is lost or doubled', async () => {
    const { arms } = await run(contentionProcesses({ url, contenders, count: 1 }))
    expect(arms.map((arm) => arm.name)).toEqual(NAMES)
    for (const { rounds, requestsPerOp, writeUnitsPerOp, remarks } of arms) {
      expect(rounds.map(({ latenciesMs }) => latenciesMs.length)).toEqual([WRITERS])
      expect(requestsPerOp).toBeGreaterThanOrEqual(1)
      expect(writeUnitsPerOp).toBeGreaterThanOrEqual(LINES)
      expect(remarks.filter((remark) => !remark.includes('were decided on a state'))).toEqual([])
    }
  })

  it('fails when our own arm loses an event to others, and reports it of a peer', async () => {
    const idle = (contender: Contender): Contender => ({
      ...contender,
      open: (client) => ({ ...contender.open(client), append: { cold: nothing, warm: nothing, contended: nothing } }),
    })
    await expect(run(contention({ url, contenders: [idle(daybook)], count: 1 }))).rejects.toThrow(
      '24 of 24 events were lost',
    )
    const { arms } = await run(contention({ url, contenders: [idle(castore)], count: 1 }))
    expect(arms[0]?.remarks).toEqual(['72 of 72 events were lost'])
  })
})

const nothing: Append = async () => undefined
