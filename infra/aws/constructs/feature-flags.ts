import { Duration, Stack } from 'aws-cdk-lib'
import {
  Application,
  ConfigurationContent,
  ConfigurationType,
  DeploymentStrategy,
  DeploymentStrategyId,
  Environment,
  HostedConfiguration,
  Monitor,
} from 'aws-cdk-lib/aws-appconfig'
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { Construct } from 'constructs'
import type { FunctionName } from '../../lambda/functions.ts'
import { allowing } from '../capability.ts'
import type { StageConfig } from '../config.ts'
import { functionNameIn, nameIn } from '../deployment.ts'
import { explainWildcard } from '../explained.ts'
import { flagSetOf, flagValuesOf } from '../flag-set.ts'

type FeatureFlagsOptions = {
  readonly config: StageConfig
  /** Whose errors take new values back. */
  readonly readers: ReadonlyArray<FunctionName>
}

/**
 * What is switched on. Where the stage is careful, new values reach a tenth of those who ask, and all of them after twenty minutes; for
 * ten more they are watched. Values under which those who read them fail are taken back.
 */
export class FeatureFlags extends Construct {
  private readonly environment: Environment
  private readonly profile: HostedConfiguration

  constructor(scope: Construct, id: string, { config, readers }: FeatureFlagsOptions) {
    super(scope, id)
    const name = nameIn(config, 'daybook')
    const application = new Application(this, 'application', { applicationName: name })
    this.environment = new Environment(this, 'environment', {
      application,
      environmentName: config.stage,
      monitors: readers.map((reader) => Monitor.fromCloudWatchAlarm(this.failing(config, reader))),
    })
    explainWildcard(this.environment, '*', 'AppConfig looks at alarms as it asks to be let; it changes none')
    this.profile = new HostedConfiguration(this, 'profile', {
      application,
      name: 'flags',
      type: ConfigurationType.FEATURE_FLAGS,
      content: ConfigurationContent.fromInlineJson(JSON.stringify(flagSetOf(flagValuesOf(config)))),
      deployTo: [this.environment],
      deploymentStrategy: DeploymentStrategy.fromDeploymentStrategyId(
        this,
        'strategy',
        config.canaryDeployment ? DeploymentStrategyId.CANARY_10_PERCENT_20_MINUTES : DeploymentStrategyId.ALL_AT_ONCE,
      ),
    })
  }

  reading() {
    const { applicationId, environmentId } = this.environment
    const { configurationProfileId } = this.profile
    return allowing(
      {
        DAYBOOK_FLAGS_APPLICATION: applicationId,
        DAYBOOK_FLAGS_ENVIRONMENT: environmentId,
        DAYBOOK_FLAGS_PROFILE: configurationProfileId,
      },
      ['appconfig:StartConfigurationSession', 'appconfig:GetLatestConfiguration'],
      Stack.of(this).formatArn({
        service: 'appconfig',
        resource: 'application',
        resourceName: `${applicationId}/environment/${environmentId}/configuration/${configurationProfileId}`,
      }),
    )
  }

  /** By the function's name, for the function itself needs the flags first. */
  private failing(config: StageConfig, reader: FunctionName): Alarm {
    return new Alarm(this, `${reader}-errors`, {
      alarmDescription: `Flags under which ${reader} fails are taken back`,
      metric: new Metric({
        namespace: 'AWS/Lambda',
        metricName: 'Errors',
        dimensionsMap: { FunctionName: functionNameIn(config, reader) },
        period: Duration.minutes(1),
        statistic: 'Sum',
      }),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    })
  }
}
