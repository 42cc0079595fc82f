import { newUlid } from '../../../../infra/ulids.ts'
import type { Arm, Case } from '../../bench.ts'
import { usagePerOp } from '../../meter.ts'
import { timedEach } from '../../stopwatch.ts'
import type { Contender, Store } from './contender.ts'
import { postingsOf } from './ledger.ts'
import { opened, openedMetered } from './opened.ts'

/** Of every posting: ten events. */
const LINES = 10
/** Operations whose requests are counted. */
const COUNTED = 1

type Load = {
  readonly url: string
  readonly contenders: ReadonlyArray<Contender>
  readonly events: number
  /** Loads a round, one after the other. */
  readonly count: number
}

const loading = (store: Store, ledger: string, { events }: Load, count: number) =>
  timedEach(new Array<string>(count).fill(ledger), 1, async () => {
    const entries = await store.load(ledger)
    if (entries !== events) throw new Error(`${ledger} has ${events} entries and was loaded with ${entries}`)
  })

const armOf = async (contender: Contender, setup: Load, cleanUp: AsyncDisposableStack): Promise<Arm> => {
  const ledger = newUlid()
  const { store } = await opened(contender, setup.url, cleanUp)
  await store.seed(ledger, postingsOf(setup.events / LINES, LINES))
  const metered = await openedMetered(contender, setup.url, cleanUp)
  return {
    name: contender.name,
    ...(await usagePerOp(metered.usage, COUNTED, () => loading(metered.store, ledger, setup, COUNTED))),
    round: () => loading(store, ledger, setup, setup.count),
  }
}

/** Folds of a whole stream a second, nothing known of it beforehand. */
export const load = (setup: Load): Case => ({
  name: `load-${setup.events}`,
  unit: 'loads/s',
  prepare: (cleanUp) => Promise.all(setup.contenders.map((contender) => armOf(contender, setup, cleanUp))),
})
