import { Duration } from 'aws-cdk-lib'
import { METRICS } from '../../metrics/definitions.ts'
import { recorded } from '../daybook-metric.ts'
import type { Runbook } from '../runbooks.ts'
import type { DaybookFunction } from './daybook-function.ts'
import type { RunbookAlarms } from './runbook-alarms.ts'

export type WatchedSchedules = {
  readonly stage: string
  readonly sealing: DaybookFunction<'seal'>
  readonly redriving: DaybookFunction<'redrive'>
  readonly processing: DaybookFunction<'process'>
}

/** Longer than any of them leaves off between two runs. */
const MINUTES = 10
const period = Duration.minutes(MINUTES)

/** What runs by the clock fails again and again, or does not run: nobody waits for it, so nobody else would notice. */
export const watchSchedules = (
  alarms: RunbookAlarms,
  { stage, sealing, redriving, processing }: WatchedSchedules,
): void => {
  const runbooks = [
    [sealing, 'unsealed-trail'],
    [redriving, 'failed-redrive'],
    [processing, 'refused-step'],
  ] as const satisfies ReadonlyArray<readonly [DaybookFunction<'seal' | 'redrive' | 'process'>, Runbook]>
  for (const [{ name, function: code }, runbook] of runbooks) {
    alarms.watch(`${name}-errors`, {
      what: `${name} fails`,
      runbook,
      metric: code.metricErrors({ period, statistic: 'Sum' }),
      threshold: 1,
      periods: 3,
    })
    alarms.watch(`${name}-stopped`, {
      what: `${name} does not run`,
      runbook,
      metric: code.metricInvocations({ period, statistic: 'Sum' }),
      threshold: 1,
      periods: 3,
      below: true,
    })
  }
  const failing = (Outcome: string) => ({ statistic: 'Sum', minutes: MINUTES, dimensions: { Outcome } })
  alarms.watch('trail-unsealed', {
    what: 'The trail of a tenant cannot be sealed',
    runbook: 'unsealed-trail',
    metric: recorded(stage, METRICS.trailSealings, failing('failed')),
    threshold: 1,
    periods: 3,
  })
  alarms.watch('batches-kept', {
    what: 'What a feed gave up fails still, and cannot be parked',
    runbook: 'failed-redrive',
    metric: recorded(stage, METRICS.givenUpBatches, failing('kept')),
    threshold: 1,
    periods: 3,
  })
  alarms.watch('refused-steps', {
    what: 'The domain refused what a process had to do',
    runbook: 'refused-step',
    metric: recorded(stage, METRICS.processSteps, { statistic: 'Sum', minutes: 5, dimensions: { Outcome: 'refused' } }),
    threshold: 1,
    periods: 1,
  })
}
