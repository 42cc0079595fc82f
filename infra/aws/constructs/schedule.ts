import { Duration } from 'aws-cdk-lib'
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler'
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets'
import type { FunctionName } from '../../lambda/functions.ts'
import type { DaybookFunction } from './daybook-function.ts'

/** Runs a function again and again. A run that fails is not repeated, for the next one follows. */
export const every = <Name extends FunctionName>(time: Duration, runs: DaybookFunction<Name>): Schedule => {
  // Lambda would try an asynchronous call twice more.
  runs.live.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) })
  return new Schedule(runs, 'schedule', {
    schedule: ScheduleExpression.rate(time),
    target: new LambdaInvoke(runs.live, { retryAttempts: 0, maxEventAge: Duration.minutes(1) }),
  })
}
