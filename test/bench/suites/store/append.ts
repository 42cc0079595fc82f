import { newUlid } from '../../../../infra/ulids.ts'
import type { Arm, Case } from '../../bench.ts'
import { cleaningUp } from '../../clean-up.ts'
import { usagePerOp } from '../../meter.ts'
import { timedEach } from '../../stopwatch.ts'
import type { Contender, Store, Temperature } from './contender.ts'
import { LINES, type Posting, postingOf, postingsOf } from './ledger.ts'
import { opened, openedMetered } from './opened.ts'

/** Postings on a ledger before the first round; each round adds one. */
const EARLIER = 5
/** Operations whose requests are counted. */
const COUNTED = 10

type Append = {
  readonly url: string
  readonly contenders: ReadonlyArray<Contender>
  readonly temperature: Temperature
  /** Postings under way at a time. */
  readonly width: number
  /** Postings a round, each on a ledger of its own. */
  readonly count: number
}

type Input = { readonly ledger: string; readonly posting: Posting }

const postingsOn = (ledgers: ReadonlyArray<string>): ReadonlyArray<Input> =>
  ledgers.map((ledger) => ({ ledger, posting: postingOf(LINES) }))

const seeded = async (store: Store, count: number): Promise<ReadonlyArray<string>> => {
  const ledgers = Array.from({ length: count }, newUlid)
  await timedEach(ledgers, 8, (ledger) => store.seed(ledger, postingsOf(EARLIER, LINES)))
  return ledgers
}

const usageOf = (contender: Contender, { url, temperature }: Append) =>
  cleaningUp(async (cleanUp) => {
    const { store, usage } = await openedMetered(contender, url, cleanUp)
    const append = ({ ledger, posting }: Input) => store.append[temperature](ledger, posting)
    const ledgers = await seeded(store, COUNTED)
    // Whatever keeps something in memory has it from here on.
    await timedEach(postingsOn(ledgers), 1, append)
    return usagePerOp(usage, COUNTED, () => timedEach(postingsOn(ledgers), 1, append))
  })

const armOf = async (contender: Contender, setup: Append, cleanUp: AsyncDisposableStack): Promise<Arm> => {
  const { store } = await opened(contender, setup.url, cleanUp)
  const ledgers = await seeded(store, setup.count)
  return {
    name: contender.name,
    ...(await usageOf(contender, setup)),
    round: () =>
      timedEach(postingsOn(ledgers), setup.width, ({ ledger, posting }) =>
        store.append[setup.temperature](ledger, posting),
      ),
  }
}

/** Postings of three events a second. A ledger has one writer at a time, so no race is lost. */
export const append = (setup: Append): Case => {
  const name = `append-${setup.temperature}-c${setup.width}`
  return {
    name,
    unit: 'commands/s',
    prepare: async (cleanUp) => {
      const arms: Arm[] = []
      for (const contender of setup.contenders) arms.push(await armOf(contender, setup, cleanUp))
      return arms
    },
  }
}
