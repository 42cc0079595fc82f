import {
  Alarm,
  AlarmRule,
  ComparisonOperator,
  CompositeAlarm,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import { type Runbook, runbookUrl } from '../runbooks.ts'

export type Watch = {
  /** Told to whoever is called. */
  readonly what: string
  readonly runbook: Runbook
  readonly metric: IMetric
  /** Fires at this and beyond. */
  readonly threshold: number
  /** For so many of the metric's periods, one after another. */
  readonly periods: number
  /** Fires below the threshold instead, and where nothing is measured. */
  readonly below?: true
}

type RunbookAlarmsOptions = { readonly topic: ITopic; readonly repository: string }

/** Alarms, each of which says what is wrong and where it is written what to do. */
export class RunbookAlarms extends Construct {
  private readonly options: RunbookAlarmsOptions

  constructor(scope: Construct, id: string, options: RunbookAlarmsOptions) {
    super(scope, id)
    this.options = options
  }

  watch(id: string, watch: Watch): void {
    this.alarm(id, watch).addAlarmAction(new SnsAction(this.options.topic))
  }

  /** Fires when both would: the first says that it matters, the second that it goes on. */
  watchBoth(id: string, first: Watch, second: Watch): void {
    const alarmRule = AlarmRule.allOf(this.alarm(`${id}-first`, first), this.alarm(`${id}-second`, second))
    new CompositeAlarm(this, id, { alarmDescription: this.description(first), alarmRule }).addAlarmAction(
      new SnsAction(this.options.topic),
    )
  }

  private alarm(id: string, watch: Watch): Alarm {
    return new Alarm(this, id, {
      alarmDescription: this.description(watch),
      metric: watch.metric,
      threshold: watch.threshold,
      evaluationPeriods: watch.periods,
      ...(watch.below
        ? { comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD, treatMissingData: TreatMissingData.BREACHING }
        : {
            comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treatMissingData: TreatMissingData.NOT_BREACHING,
          }),
    })
  }

  private description({ what, runbook }: Watch): string {
    return `${what}. What to do: ${runbookUrl(this.options.repository, runbook)}`
  }
}
