import { ArnFormat, Duration, Stack } from 'aws-cdk-lib'
import type { RestApi } from 'aws-cdk-lib/aws-apigateway'
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3'
import { Canary, Code, Runtime, Schedule, Test } from 'aws-cdk-lib/aws-synthetics'
import { Construct } from 'constructs'
import type { StageConfig } from '../config.ts'
import { explain, explainWildcard } from '../explained.ts'
import { removalPolicyOf } from '../removal.ts'
import type { RunbookAlarms } from './runbook-alarms.ts'

/** Asks from outside what anybody may ask, and is refused what a token is needed for. */
const SCRIPT = `
const expected = { 'health/ready': 200, 'openapi.json': 200, 'v1/orders': 401 }
exports.handler = async () => {
  for (const [path, status] of Object.entries(expected)) {
    const answer = await fetch(process.env.API_URL + path, { signal: AbortSignal.timeout(10000) })
    if (answer.status !== status) throw new Error(path + ' answered ' + answer.status + ', not ' + status + ': ' + await answer.text())
  }
}
`

/** A caller of our own, every five minutes. */
export class ApiCanary extends Construct {
  constructor(scope: Construct, id: string, api: RestApi, alarms: RunbookAlarms, config: StageConfig) {
    super(scope, id)
    const artifacts = new Bucket(this, 'artifacts', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      lifecycleRules: [{ expiration: Duration.days(14) }],
      removalPolicy: removalPolicyOf(config.keepsData),
    })
    explain(artifacts, { S1: 'It holds what the canary was answered: nothing that anybody asks for' })
    const canary = new Canary(this, 'canary', {
      canaryName: `daybook-${config.stage}`,
      runtime: Runtime.SYNTHETICS_NODEJS_PUPPETEER_13_0,
      test: Test.custom({ code: Code.fromInline(SCRIPT), handler: 'index.handler' }),
      schedule: Schedule.rate(Duration.minutes(5)),
      timeout: Duration.minutes(1),
      environmentVariables: { API_URL: api.url },
      artifactsBucketLocation: { bucket: artifacts },
      provisionedResourceCleanup: true,
    })
    const logGroups = Stack.of(this).formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName: '/aws/lambda/cwsyn-*',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    })
    explainWildcard(canary.role, logGroups, 'Synthetics names the log group of a canary by an id of its own')
    explainWildcard(canary.role, artifacts.arnForObjects('*'), 'It names what it keeps by time, in a bucket of its own')
    explainWildcard(
      canary.role,
      '*',
      'Metrics take no resource (the namespace is a condition), nor does listing buckets',
    )
    alarms.watch('canary', {
      what: 'The API does not answer from outside as it should',
      runbook: 'region-loss',
      metric: canary.metricSuccessPercent({ period: Duration.minutes(5) }),
      threshold: 100,
      periods: 3,
      below: true,
    })
  }
}
