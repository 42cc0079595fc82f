import { newUlid } from '../../../../infra/ulids.ts'
import type { Arm, Case } from '../../bench.ts'
import { usagePerOp } from '../../meter.ts'
import { timedEach } from '../../stopwatch.ts'
import type { Contender } from './contender.ts'
import { LINES, postingsOf } from './ledger.ts'
import { type Opened, opened, openedMetered } from './opened.ts'
import { verifying } from './verified.ts'

export const WRITERS = 8

export type Contention = {
  readonly url: string
  readonly contenders: ReadonlyArray<Contender>
  /** Postings of each writer a round. */
  readonly count: number
}

const armOf = async (contender: Contender, setup: Contention, cleanUp: AsyncDisposableStack): Promise<Arm> => {
  const timed = await opened(contender, setup.url, cleanUp)
  const metered = await openedMetered(contender, setup.url, cleanUp)
  const { verify, remarks } = verifying(contender)
  /** Everybody writes to one ledger, a new one each time. */
  const write = async ({ store }: Opened) => {
    const ledger = newUlid()
    const postings = postingsOf(WRITERS * setup.count, LINES)
    const round = await timedEach(postings, WRITERS, (posting) => store.append.contended(ledger, posting))
    await verify(timed.client, ledger, { postings: postings.map(({ id }) => id), size: LINES })
    return round
  }
  return {
    name: contender.name,
    ...(await usagePerOp(metered.usage, WRITERS * setup.count, () => write(metered))),
    round: () => write(timed),
    remarks,
  }
}

/** Postings of three events a second by eight writers on one stream, in one process. */
export const contention = (setup: Contention): Case => ({
  name: `contention-${WRITERS}`,
  unit: 'commands/s',
  prepare: async (cleanUp) => {
    const arms: Arm[] = []
    for (const contender of setup.contenders) arms.push(await armOf(contender, setup, cleanUp))
    return arms
  },
})
