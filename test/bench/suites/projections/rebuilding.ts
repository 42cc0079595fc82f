import * as t from 'io-ts'
import { startChild } from '../../child.ts'

const REBUILDING = new URL('./rebuilding-process.ts', import.meta.url)

/** As package.json starts `daybook`. */
const FLAGS = ['--max-semi-space-size=8']

export const SEGMENTS = 4

const Rebuilt = t.type({ events: t.number, rssMb: t.number })

/** A process that rebuilds; `args` as it takes them. Answers how to make it do so, and the memory that it took at most. */
export const rebuilding = async (args: ReadonlyArray<string>, count: number, cleanUp: AsyncDisposableStack) => {
  const child = await startChild(REBUILDING, args, cleanUp, FLAGS)
  let rssMb: number | undefined
  return {
    rssMb: () => rssMb,
    rebuild: async (): Promise<void> => {
      const rebuilt = await child({ size: count, segments: SEGMENTS })
      if (!Rebuilt.is(rebuilt) || rebuilt.events !== count) throw new Error(`the rebuild did not fold ${count} events`)
      rssMb = rebuilt.rssMb
    },
  }
}
