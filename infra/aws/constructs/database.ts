import { Duration } from 'aws-cdk-lib'
import { SubnetType } from 'aws-cdk-lib/aws-ec2'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import {
  AuroraPostgresEngineVersion,
  ClusterInstance,
  Credentials,
  DatabaseCluster,
  DatabaseClusterEngine,
  DatabaseProxy,
  DefaultAuthScheme,
  ParameterGroup,
  ProxyTarget,
} from 'aws-cdk-lib/aws-rds'
import { Construct } from 'constructs'
import type { Variable } from '../../lambda/environment.ts'
import { PROJECTOR_ROLE, READER_ROLE } from '../../postgres/roles.ts'
import type { Capability, Placement } from '../capability.ts'
import type { StageConfig } from '../config.ts'
import { explain } from '../explained.ts'
import { removalPolicyOf } from '../removal.ts'
import { databaseUsers, OWNER } from './database-users.ts'
import type { Postgres } from './engines.ts'
import type { Network } from './network.ts'

type DatabaseOptions = { readonly network: Network; readonly key: IKey; readonly config: StageConfig }

const NAME = 'daybook'
const PORT = 5432

const engine = DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_18_4 })

/**
 * Aurora Postgres that grows and shrinks with its load, behind a proxy that shares its connections. Everybody signs in with IAM
 * credentials, through the proxy to the database itself; the master's password is RDS' own, which rotates it every week.
 */
export class Database extends Construct implements Postgres {
  readonly cluster: DatabaseCluster
  readonly proxy: DatabaseProxy
  private readonly placement: Placement

  constructor(scope: Construct, id: string, { network, key, config }: DatabaseOptions) {
    super(scope, id)
    this.placement = network.placement
    const securityGroups = [network.engineGroup(this, PORT, 'Daybook: Postgres and its proxy')]
    const vpcSubnets = { subnetType: SubnetType.PRIVATE_ISOLATED }
    this.cluster = new DatabaseCluster(this, 'cluster', {
      engine,
      vpc: network.vpc,
      vpcSubnets,
      securityGroups,
      port: PORT,
      defaultDatabaseName: NAME,
      credentials: Credentials.fromUsername('daybook_master'),
      manageMasterUserPassword: true,
      iamAuthentication: true,
      enableDataApi: true,
      serverlessV2MinCapacity: config.databaseMinHalfUnits / 2,
      serverlessV2MaxCapacity: config.databaseMaxHalfUnits / 2,
      writer: ClusterInstance.serverlessV2('writer'),
      ...(config.keepsData && { readers: [ClusterInstance.serverlessV2('standby', { scaleWithWriter: true })] }),
      parameterGroup: new ParameterGroup(this, 'parameters', { engine, parameters: { 'rds.force_ssl': '1' } }),
      storageEncrypted: true,
      storageEncryptionKey: key,
      backup: { retention: Duration.days(config.keepsData ? 35 : 1) },
      copyTagsToSnapshot: true,
      deletionProtection: config.keepsData,
      removalPolicy: removalPolicyOf(config.keepsData),
      cloudwatchLogsExports: ['postgresql'],
    })
    if (!config.keepsData) explain(this.cluster, { RDS10: 'Nothing in this stage is to be kept' })
    const proxyRole = new Role(this, 'proxy-role', { assumedBy: new ServicePrincipal('rds.amazonaws.com') })
    this.proxy = new DatabaseProxy(this, 'proxy', {
      proxyTarget: ProxyTarget.fromCluster(this.cluster),
      vpc: network.vpc,
      vpcSubnets,
      securityGroups,
      defaultAuthScheme: DefaultAuthScheme.IAM_AUTH,
      role: proxyRole,
      requireTLS: true,
      borrowTimeout: Duration.seconds(3),
    })
    for (const user of [OWNER, PROJECTOR_ROLE, READER_ROLE]) this.cluster.grantConnect(proxyRole, user)
    databaseUsers(this, this.cluster, NAME)
  }

  reading(): Capability<'DAYBOOK_READER_URL'> {
    return this.as(READER_ROLE, (url) => ({ DAYBOOK_READER_URL: url }))
  }

  projecting(): Capability<'DAYBOOK_PROJECTOR_URL'> {
    return this.as(PROJECTOR_ROLE, (url) => ({ DAYBOOK_PROJECTOR_URL: url }))
  }

  owning(): Capability<'DAYBOOK_OWNER_URL'> {
    return this.as(OWNER, (url) => ({ DAYBOOK_OWNER_URL: url }))
  }

  private as<V extends Variable>(
    user: string,
    found: (url: string) => { readonly [Name in V]: string },
  ): Capability<V> {
    return {
      variables: found(`postgresql://${user}@${this.proxy.endpoint}:${PORT}/${NAME}`),
      grantTo: (grantee) => {
        this.proxy.grantConnect(grantee, user)
      },
      placement: this.placement,
    }
  }
}
