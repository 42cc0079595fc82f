import { RemovalPolicy } from 'aws-cdk-lib'
import {
  AccessLogField,
  AccessLogFormat,
  RestApi as ApiGateway,
  EndpointType,
  type IResource,
  LambdaIntegration,
  LogGroupLogDestination,
  MethodLoggingLevel,
} from 'aws-cdk-lib/aws-apigateway'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import type { StageConfig } from '../config.ts'
import { explain, explainManagedPolicy } from '../explained.ts'
import { LEFT_OUT_OF_EMULATED } from '../left-out.ts'
import type { ApiFunctions } from './api-functions.ts'

/** No address, no path with an id, no token: nothing of a person. */
const ACCESS = {
  requestId: AccessLogField.contextRequestId(),
  time: AccessLogField.contextRequestTimeEpoch(),
  method: AccessLogField.contextHttpMethod(),
  resource: AccessLogField.contextResourcePath(),
  status: AccessLogField.contextStatus(),
  latencyMs: AccessLogField.contextResponseLatency(),
  integrationLatencyMs: AccessLogField.contextIntegrationLatency(),
  responseBytes: AccessLogField.contextResponseLength(),
  error: AccessLogField.contextIntegrationErrorMessage(),
}

/**
 * The way in. It hands everything on to the functions, which verify tokens and answer problems as they do on a laptop: what is POSTed to
 * `command-api`, people to `subjects-api`, all the rest to `query-api`.
 */
export class RestApi extends Construct {
  readonly api: ApiGateway
  /** Where it answers. */
  readonly url: string

  constructor(scope: Construct, id: string, functions: ApiFunctions, config: StageConfig) {
    super(scope, id)
    if (!config.has('firewall')) explain(this, { APIG3: LEFT_OUT_OF_EMULATED.firewall })
    explain(this, {
      APIG2: 'The functions decode paths, queries and bodies, and name every fault',
      APIG4: 'The functions verify the token, and answer problems as they do on a laptop (decision 26)',
      COG4: 'The functions verify the token, and answer problems as they do on a laptop (decision 26)',
    })
    const logGroup = new LogGroup(this, 'access', { retention: config.logDays, removalPolicy: RemovalPolicy.DESTROY })
    this.api = new ApiGateway(this, 'api', {
      restApiName: `daybook-${config.stage}`,
      endpointTypes: [EndpointType.REGIONAL],
      cloudWatchRole: true,
      deployOptions: {
        stageName: config.stage,
        accessLogDestination: new LogGroupLogDestination(logGroup),
        accessLogFormat: AccessLogFormat.custom(JSON.stringify(ACCESS)),
        loggingLevel: MethodLoggingLevel.ERROR,
        dataTraceEnabled: false,
        metricsEnabled: true,
        throttlingRateLimit: config.requestsPerSecond,
        throttlingBurstLimit: config.requestBurst,
      },
    })
    explainManagedPolicy(
      this,
      'service-role/AmazonAPIGatewayPushToCloudWatchLogs',
      'What API Gateway asks for, once an account, to write its logs',
    )
    const emulator = config.externalEngines?.AWS_ENDPOINT_URL.replace(/\/$/, '')
    this.url = emulator ? `${emulator}/_aws/execute-api/${this.api.restApiId}/${config.stage}` : this.api.url
    const to = (name: 'commands' | 'queries' | 'subjects') =>
      new LambdaIntegration(functions[name].live, { allowTestInvoke: false })
    const [commands, queries, subjects] = [to('commands'), to('queries'), to('subjects')]
    const below = (resource: IResource) => resource.addResource('{proxy+}')

    const { root } = this.api
    root.addMethod('ANY', queries)
    below(root).addMethod('ANY', queries)
    const v1 = root.addResource('v1')
    const everything = below(v1)
    everything.addMethod('ANY', queries)
    everything.addMethod('POST', commands)
    below(v1.addResource('audit')).addMethod('ANY', queries)
    below(v1.addResource('subjects')).addMethod('ANY', subjects)
  }
}
