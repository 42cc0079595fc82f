import { Duration } from 'aws-cdk-lib'
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { LambdaApplication, LambdaDeploymentConfig, LambdaDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy'
import { Construct } from 'constructs'
import type { FunctionName } from '../../lambda/functions.ts'
import { explainManagedPolicy } from '../explained.ts'
import type { DaybookFunction } from './daybook-function.ts'

const CODEDEPLOY_POLICY = 'service-role/AWSCodeDeployRoleForLambdaLimited'

/**
 * A new version of a function gets a tenth of its calls for five minutes, then all of them; the old one gets them back by itself when an
 * error is seen.
 */
export class GradualDeployment extends Construct {
  constructor(scope: Construct, id: string, functions: ReadonlyArray<DaybookFunction<FunctionName>>, canary: boolean) {
    super(scope, id)
    const application = new LambdaApplication(this, 'application')
    explainManagedPolicy(this, CODEDEPLOY_POLICY, 'What CodeDeploy asks for to shift the calls of an alias')
    for (const { name, live } of functions) {
      const errors = new Alarm(this, `${name}-errors`, {
        alarmDescription: `A version of ${name} that fails is taken back`,
        metric: live.metricErrors({ period: Duration.minutes(1), statistic: 'Sum' }),
        threshold: 1,
        evaluationPeriods: 1,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      })
      new LambdaDeploymentGroup(this, name, {
        application,
        alias: live,
        alarms: [errors],
        deploymentConfig: canary
          ? LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES
          : LambdaDeploymentConfig.ALL_AT_ONCE,
        autoRollback: { failedDeployment: true, deploymentInAlarm: true, stoppedDeployment: true },
      })
    }
  }
}
