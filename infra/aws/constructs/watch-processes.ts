import { Duration } from 'aws-cdk-lib'
import { METRICS } from '../../metrics/definitions.ts'
import { recorded } from '../daybook-metric.ts'
import type { Processing } from './processing.ts'
import type { RunbookAlarms } from './runbook-alarms.ts'

/** What follows from events by itself is refused, or does not get done. */
export const watchProcesses = (
  alarms: RunbookAlarms,
  stage: string,
  { function: { function: code } }: Processing,
): void => {
  alarms.watch('refused-steps', {
    what: 'The domain refused what a process had to do',
    runbook: 'refused-step',
    metric: recorded(stage, METRICS.processSteps, { dimensions: { Outcome: 'refused' }, statistic: 'Sum', minutes: 5 }),
    threshold: 1,
    periods: 1,
  })
  alarms.watch('process-errors', {
    what: 'Processes cannot ask what they have to do',
    runbook: 'refused-step',
    metric: code.metricErrors({ period: Duration.minutes(1), statistic: 'Sum' }),
    threshold: 1,
    periods: 5,
  })
}
