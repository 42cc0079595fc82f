import { type Duration, RemovalPolicy, Size } from 'aws-cdk-lib'
import { SubnetType } from 'aws-cdk-lib/aws-ec2'
import type { IRole } from 'aws-cdk-lib/aws-iam'
import { Alias, Architecture, Code, Function as LambdaFunction, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import type { VariableOf } from '../../lambda/environment.ts'
import { type FunctionName, HANDLER } from '../../lambda/functions.ts'
import type { Capability } from '../capability.ts'
import { type Deployment, functionNameIn } from '../deployment.ts'
import { functionRole } from './function-role.ts'

export type FunctionOptions<Name extends FunctionName> = {
  readonly deployment: Deployment
  readonly description: string
  /** All that it needs: it is told no variable and granted no permission beside. */
  readonly uses: Capability<Exclude<VariableOf<Name>, 'DAYBOOK_STAGE'>>
  readonly memoryMiB: number
  readonly timeout: Duration
  /** Bulkhead: how many run at a time, at most. Default: as many as the account allows. */
  readonly atMost?: number
  /** Of files while it runs; default: half a GiB. */
  readonly ephemeralGiB?: number
  readonly role?: IRole
}

/** A function of infra/lambda, with what it uses. Whoever calls it calls `live`, its alias for the version that serves. */
export class DaybookFunction<Name extends FunctionName> extends Construct {
  readonly name: Name
  readonly function: LambdaFunction
  readonly live: Alias
  readonly role: IRole

  constructor(scope: Construct, name: Name, options: FunctionOptions<Name>) {
    super(scope, name)
    this.name = name
    const { deployment, uses, memoryMiB, timeout, description, atMost, ephemeralGiB } = options
    const { config } = deployment
    this.role = options.role ?? functionRole(this, 'role', uses.placement)
    const logGroup = new LogGroup(this, 'log', { retention: config.logDays, removalPolicy: RemovalPolicy.DESTROY })
    logGroup.grantWrite(this.role)
    uses.grantTo(this.role)
    this.function = new LambdaFunction(this, 'function', {
      functionName: functionNameIn(config, name),
      description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(deployment.bundleOf(name)),
      handler: `index.${HANDLER}`,
      role: this.role,
      memorySize: memoryMiB,
      timeout,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      environment: { ...uses.variables, DAYBOOK_STAGE: config.stage },
      ...(ephemeralGiB !== undefined && { ephemeralStorageSize: Size.gibibytes(ephemeralGiB) }),
      ...(atMost !== undefined && { reservedConcurrentExecutions: atMost }),
      ...(uses.placement !== undefined && {
        vpc: uses.placement.vpc,
        vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
        securityGroups: [uses.placement.securityGroup],
      }),
    })
    this.live = new Alias(this, 'live', { aliasName: 'live', version: this.function.currentVersion })
  }
}
