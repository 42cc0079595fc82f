import type { Round } from './bench.ts'

/** Times a whole that is made of so many operations. */
export const timed = async (operations: number, work: () => Promise<unknown>): Promise<Round> => {
  const start = performance.now()
  await work()
  return { operations, milliseconds: performance.now() - start, latenciesMs: [] }
}

/** Does `work` for every input, `width` at a time, and times each. A failure of one fails the round. */
export const timedEach = async <A>(
  inputs: ReadonlyArray<A>,
  width: number,
  work: (input: A) => Promise<unknown>,
): Promise<Round> => {
  const latenciesMs: number[] = []
  const waiting = inputs.values()
  const worker = async (): Promise<void> => {
    for (const input of waiting) {
      const start = performance.now()
      await work(input)
      latenciesMs.push(performance.now() - start)
    }
  }
  const whole = await timed(inputs.length, () => Promise.all(Array.from({ length: width }, worker)))
  return { ...whole, latenciesMs }
}
