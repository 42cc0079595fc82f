import { App, type AppProps, Tags, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks } from 'cdk-nag'
import type { Deployment } from './deployment.ts'
import { ContinuousIntegrationStack } from './stacks/continuous-integration.ts'
import { DataStack } from './stacks/data.ts'
import { FlagsStack } from './stacks/flags.ts'
import { NetworkStack } from './stacks/network.ts'
import { OperationsStack } from './stacks/operations.ts'
import { ServiceStack } from './stacks/service.ts'

/** How today's CDK is asked to behave, where it would behave as it always did. */
const FLAGS = {
  '@aws-cdk/core:defaultCrossStackReferences': 'strong',
  '@aws-cdk/customresources:installLatestAwsSdkDefault': false,
  '@aws-cdk/aws-iam:minimizePolicies': true,
  '@aws-cdk/aws-lambda:recognizeLayerVersion': true,
  '@aws-cdk/aws-lambda:recognizeVersionProps': true,
  '@aws-cdk/core:checkSecretUsage': true,
  '@aws-cdk/aws-apigateway:disableCloudWatchRole': true,
  '@aws-cdk/aws-rds:databaseProxyUniqueResourceName': true,
}

export const newApp = (props: AppProps = {}): App => new App({ ...props, context: { ...FLAGS, ...props.context } })

/** Of whoever deploys; without, the templates fit any. */
const environment = () => {
  const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region } = process.env
  return account === undefined || region === undefined ? {} : { env: { account, region } }
}

/** Adds the stacks of one stage to the app. */
export const composeDaybook = (app: App, deployment: Deployment): void => {
  const { config } = deployment
  const props = { terminationProtection: config.keepsData, ...environment() }
  const idOf = (name: string): string => `daybook-${config.stage}-${name}`
  const network = config.has('network') ? new NetworkStack(app, idOf('network'), config, props).network : undefined
  const data = new DataStack(app, idOf('data'), deployment, network, props)
  const { flags } = new FlagsStack(app, idOf('flags'), config, props)
  const service = new ServiceStack(app, idOf('service'), deployment, { ...data, flags }, props)
  new OperationsStack(app, idOf('operations'), config, { data, service }, props)
  if (config.has('continuousIntegration')) new ContinuousIntegrationStack(app, idOf('ci'), config, props)
  Tags.of(app).add('daybook:stage', config.stage)
}

/** Has all that the app holds held against AWS' own rules when it is synthesised: what they find, and nobody has explained, ends it. */
export const holdToRules = (app: App): void => Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
