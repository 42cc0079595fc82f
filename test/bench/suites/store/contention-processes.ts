import { newUlid } from '../../../../infra/ulids.ts'
import type { Arm, Case, Round } from '../../bench.ts'
import { timed } from '../../stopwatch.ts'
import type { Contender } from './contender.ts'
import { type Contention, WRITERS } from './contention.ts'
import { LINES } from './ledger.ts'
import { opened } from './opened.ts'
import { verifying } from './verified.ts'
import type { Wrote } from './writer-messages.ts'
import { startWriters } from './writers.ts'

type Write = Awaited<ReturnType<typeof startWriters>>

const sum = (values: ReadonlyArray<number>): number => values.reduce((one, other) => one + other, 0)

const armOf = async (
  contender: Contender,
  write: Write,
  { url, count }: Contention,
  cleanUp: AsyncDisposableStack,
): Promise<Arm> => {
  const { client } = await opened(contender, url, cleanUp)
  const { verify, remarks } = verifying(contender)
  const operations = WRITERS * count
  const together = async (
    metered: boolean,
  ): Promise<{ readonly round: Round; readonly wrote: ReadonlyArray<Wrote> }> => {
    const ledger = newUlid()
    let wrote: ReadonlyArray<Wrote> = []
    const whole = await timed(operations, async () => {
      wrote = await write({ arm: contender.name, ledger, count, metered })
    })
    await verify(client, ledger, { postings: wrote.flatMap(({ postings }) => postings), size: LINES })
    return { round: { ...whole, latenciesMs: wrote.flatMap(({ latenciesMs }) => latenciesMs) }, wrote }
  }
  const { wrote } = await together(true)
  return {
    name: contender.name,
    requestsPerOp: sum(wrote.map(({ requests }) => requests)) / operations,
    writeUnitsPerOp: sum(wrote.map(({ writeUnits }) => writeUnits)) / operations,
    round: async () => (await together(false)).round,
    remarks,
  }
}

/** Postings of three events a second by eight processes on one stream. */
export const contentionProcesses = (setup: Contention): Case => ({
  name: `contention-${WRITERS}-processes`,
  unit: 'commands/s',
  prepare: async (cleanUp) => {
    const write = await startWriters(setup.url, WRITERS, cleanUp)
    const arms: Arm[] = []
    for (const contender of setup.contenders) arms.push(await armOf(contender, write, setup, cleanUp))
    return arms
  },
})
