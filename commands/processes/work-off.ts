import type { Logger } from '../../infra/log/logger.ts'
import { METRICS } from '../../infra/metrics/definitions.ts'
import type { Metrics } from '../../infra/metrics/port.ts'
import type { Process, Settled, Step, StepKind } from './process.ts'
import { type TakingDeps, takeStep } from './take-step.ts'

export type WorkingDeps = TakingDeps & {
  readonly clock: () => Date
  readonly metrics: Metrics
  readonly log: Pick<Logger, 'warn' | 'error'>
}

/** Steps that are taken side by side. */
const AT_ONCE = 16

/** What came of the steps of a run. `Failed`: an engine was away; they stay due. */
export type WorkedOff = { readonly [T in Settled['_tag'] | 'Failed']: number }

const NOTHING: WorkedOff = { Done: 0, Moot: 0, Later: 0, Refused: 0, Failed: 0 }

const takeAll = (
  deps: WorkingDeps,
  process: string,
  kind: string,
  take: StepKind['take'],
  steps: ReadonlyArray<Step>,
): Promise<ReadonlyArray<keyof WorkedOff>> =>
  Promise.all(
    steps.map(async (step) => {
      const { tenant, subject } = step
      const about = { process, kind, tenant, subject }
      const outcome = await takeStep(deps, { process, kind, subject }, step, take).then(
        (settled) => {
          if (settled._tag === 'Refused') deps.log.error('a step was refused', { ...about, reason: settled.reason })
          return settled._tag
        },
        (error: unknown) => {
          deps.log.warn('a step failed, it stays due', { ...about, error })
          return 'Failed' as const
        },
      )
      deps.metrics.record(METRICS.processSteps, { Process: process, Outcome: outcome.toLowerCase() })
      return outcome
    }),
  )

/**
 * Takes every step of `process` that is due by now, kind by kind: until none is left, `signal` aborts, or a whole page fails, since engines
 * are away then; the other kinds are tried all the same. May run any number of times at once. Rejects when what is due cannot be asked.
 */
export const workOff = async (deps: WorkingDeps, process: Process, signal: AbortSignal): Promise<WorkedOff> => {
  const now = deps.clock()
  const counts = { ...NOTHING }
  for (const [kind, { due, take }] of Object.entries(process.kinds)) {
    let after: Step | null = null
    while (!signal.aborted) {
      const steps: ReadonlyArray<Step> = await due(now, after, AT_ONCE)
      after = steps.at(-1) ?? null
      if (after === null) break
      const outcomes = await takeAll(deps, process.name, kind, take, steps)
      for (const outcome of outcomes) counts[outcome] += 1
      if (steps.length === AT_ONCE && outcomes.every((outcome) => outcome === 'Failed')) break
    }
  }
  return counts
}
