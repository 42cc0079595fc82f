import { RemovalPolicy } from 'aws-cdk-lib'
import {
  FlowLogDestination,
  GatewayVpcEndpointAwsService,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import type { Placement } from '../capability.ts'

type NetworkOptions = { readonly availabilityZones: number; readonly logDays: number }

/**
 * A network for what cannot be reached otherwise: Postgres and OpenSearch, in subnets without a way out, and the functions that ask them.
 * DynamoDB and S3 are reached without leaving it; KMS, Lambda, Cognito and AppConfig by a NAT gateway.
 */
export class Network extends Construct {
  readonly vpc: Vpc
  /** Of the functions. */
  readonly placement: Placement

  constructor(scope: Construct, id: string, { availabilityZones, logDays }: NetworkOptions) {
    super(scope, id)
    this.vpc = new Vpc(this, 'vpc', {
      maxAzs: availabilityZones,
      natGateways: availabilityZones === 2 ? 1 : availabilityZones,
      subnetConfiguration: [
        { name: 'public', subnetType: SubnetType.PUBLIC, cidrMask: 24, mapPublicIpOnLaunch: false },
        { name: 'functions', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 20 },
        { name: 'engines', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 24 },
      ],
      gatewayEndpoints: {
        dynamodb: { service: GatewayVpcEndpointAwsService.DYNAMODB },
        s3: { service: GatewayVpcEndpointAwsService.S3 },
      },
    })
    const logGroup = new LogGroup(this, 'flow', { retention: logDays, removalPolicy: RemovalPolicy.DESTROY })
    this.vpc.addFlowLog('flow-log', { destination: FlowLogDestination.toCloudWatchLogs(logGroup) })
    const securityGroup = new SecurityGroup(this, 'functions', { vpc: this.vpc, description: 'Daybook: functions' })
    this.placement = { vpc: this.vpc, securityGroup }
  }

  /** A security group that lets in the functions alone, on `port`, and nothing out. */
  engineGroup(scope: Construct, port: number, description: string): SecurityGroup {
    const group = new SecurityGroup(scope, 'security-group', { vpc: this.vpc, description, allowAllOutbound: false })
    group.addIngressRule(this.placement.securityGroup, Port.tcp(port))
    return group
  }
}
