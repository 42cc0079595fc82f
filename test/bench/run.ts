import type { Arm, Case, Round } from './bench.ts'
import { cleaningUp } from './clean-up.ts'

/** An arm and its rounds, the warm-up not among them. */
export type MeasuredArm = {
  readonly name: string
  readonly rounds: ReadonlyArray<Round>
  readonly requestsPerOp?: number
  readonly writeUnitsPerOp?: number
  /** The highest after any round. */
  readonly rssMb?: number
  readonly remarks: ReadonlyArray<string>
}

export type MeasuredCase = { readonly name: string; readonly unit: string; readonly arms: ReadonlyArray<MeasuredArm> }

const highest = (seen: ReadonlyArray<number | undefined>): number | undefined => {
  const known = seen.filter((value) => value !== undefined)
  return known.length === 0 ? undefined : Math.max(...known)
}

const measured = (arm: Arm, rounds: ReadonlyArray<Round>, rssMb?: number): MeasuredArm => ({
  name: arm.name,
  rounds,
  ...(arm.requestsPerOp !== undefined && { requestsPerOp: arm.requestsPerOp }),
  ...(arm.writeUnitsPerOp !== undefined && { writeUnitsPerOp: arm.writeUnitsPerOp }),
  ...(rssMb !== undefined && { rssMb }),
  remarks: arm.remarks?.() ?? [],
})

/**
 * Runs the arms of a case in turns: one round each that does not count, for what compiles and fills only once, then `rounds`
 * of each. Taking turns spreads whatever else the machine does over all arms alike. Rejects when aborted, between two rounds.
 */
export const runCase = (
  { name, unit, prepare, rounds: ofCase }: Case,
  { rounds: ofRun, signal }: { readonly rounds: number; readonly signal: AbortSignal },
): Promise<MeasuredCase> =>
  cleaningUp(async (cleanUp) => {
    const seen = (await prepare(cleanUp)).map((arm) => ({
      arm,
      rounds: Array.of<Round>(),
      rss: Array.of<number | undefined>(),
    }))
    const rounds = Math.min(ofRun, ofCase ?? ofRun)
    for (let turn = 0; turn <= rounds; turn += 1) {
      for (const { arm, rounds: kept, rss } of seen) {
        signal.throwIfAborted()
        const round = await arm.round()
        if (turn > 0) kept.push(round)
        rss.push(arm.rssMb?.())
      }
    }
    return { name, unit, arms: seen.map(({ arm, rounds: kept, rss }) => measured(arm, kept, highest(rss))) }
  })
