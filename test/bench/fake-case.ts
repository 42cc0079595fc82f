import type { Arm, Case } from './bench.ts'

/** An arm whose rounds take these times, in milliseconds, for 100 operations each; it notes in `turns` that it ran. */
export const fakeArm = (name: string, roundsTake: ReadonlyArray<number>, turns: Array<string> = []): Arm => {
  const times = roundsTake.values()
  return {
    name,
    round: async () => {
      turns.push(name)
      const milliseconds = times.next().value ?? Number.NaN
      return { operations: 100, milliseconds, latenciesMs: [] }
    },
  }
}

export const fakeCase = (...arms: ReadonlyArray<Arm>): Case => ({
  name: 'a-case',
  unit: 'things/s',
  prepare: async () => arms,
})
