import { EbsDeviceVolumeType, SubnetType } from 'aws-cdk-lib/aws-ec2'
import { AccountRootPrincipal, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Domain, EngineVersion, TLSSecurityPolicy } from 'aws-cdk-lib/aws-opensearchservice'
import { Construct } from 'constructs'
import { allowing, type Capability } from '../capability.ts'
import type { StageConfig } from '../config.ts'
import { removalPolicyOf } from '../removal.ts'
import type { Search, SearchVariable } from './engines.ts'
import type { Network } from './network.ts'

type SearchDomainOptions = { readonly network: Network; readonly key: IKey; readonly config: StageConfig }

/** An OpenSearch domain in the network: who may do what is settled by IAM, and index by index by its own roles. */
export class SearchDomain extends Construct implements Search {
  readonly domain: Domain
  /** Gives the domain's roles to those of functions. */
  readonly admin: Role
  private readonly network: Network

  constructor(scope: Construct, id: string, { network, key, config }: SearchDomainOptions) {
    super(scope, id)
    this.network = network
    this.admin = new Role(this, 'admin', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') })
    const subnets = network.vpc.selectSubnets({ subnetType: SubnetType.PRIVATE_ISOLATED }).subnets
    this.domain = new Domain(this, 'domain', {
      version: EngineVersion.OPENSEARCH_3_7,
      vpc: network.vpc,
      vpcSubnets: [{ subnets }],
      securityGroups: [network.engineGroup(this, 443, 'Daybook: OpenSearch')],
      zoneAwareness: { enabled: true, availabilityZoneCount: config.availabilityZones },
      capacity: {
        dataNodes: config.searchNodes,
        dataNodeInstanceType: config.searchInstance,
        ...(config.keepsData && { masterNodes: 3, masterNodeInstanceType: 'm7g.medium.search' }),
        multiAzWithStandbyEnabled: false,
      },
      ebs: { volumeType: EbsDeviceVolumeType.GP3, volumeSize: config.searchGiB },
      encryptionAtRest: { enabled: true, kmsKey: key },
      nodeToNodeEncryption: true,
      enforceHttps: true,
      tlsSecurityPolicy: TLSSecurityPolicy.TLS_1_2,
      fineGrainedAccessControl: { masterUserArn: this.admin.roleArn },
      accessPolicies: [
        new PolicyStatement({ principals: [new AccountRootPrincipal()], actions: ['es:ESHttp*'], resources: ['*'] }),
      ],
      logging: { slowSearchLogEnabled: true, slowIndexLogEnabled: true, appLogEnabled: true, auditLogEnabled: true },
      removalPolicy: removalPolicyOf(config.keepsData),
    })
  }

  reading(): Capability<SearchVariable> {
    return this.allowing(['es:ESHttpGet', 'es:ESHttpHead', 'es:ESHttpPost'])
  }

  /** Documents, and the index that they are in. */
  writing(): Capability<SearchVariable> {
    return this.allowing(['es:ESHttpGet', 'es:ESHttpHead', 'es:ESHttpPost', 'es:ESHttpPut', 'es:ESHttpDelete'])
  }

  private allowing(actions: ReadonlyArray<string>): Capability<SearchVariable> {
    const variables = {
      DAYBOOK_OPENSEARCH_URL: `https://${this.domain.domainEndpoint}`,
      DAYBOOK_OPENSEARCH_AUTH: 'iam',
    }
    return { ...allowing(variables, actions, `${this.domain.domainArn}/*`), placement: this.network.placement }
  }
}
