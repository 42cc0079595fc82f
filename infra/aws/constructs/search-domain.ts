import { Stack } from 'aws-cdk-lib'
import { EbsDeviceVolumeType, SubnetType } from 'aws-cdk-lib/aws-ec2'
import { AccountRootPrincipal, PolicyDocument, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { CfnDomain, Domain, EngineVersion, TLSSecurityPolicy } from 'aws-cdk-lib/aws-opensearchservice'
import { Construct } from 'constructs'
import { allowingAll, type Capability } from '../capability.ts'
import type { StageConfig } from '../config.ts'
import { explain } from '../explained.ts'
import { removalPolicyOf } from '../removal.ts'
import type { Search, SearchVariable } from './engines.ts'
import { functionRole } from './function-role.ts'
import type { Network } from './network.ts'
import { searchLogs } from './search-logs.ts'

type SearchDomainOptions = { readonly network: Network; readonly key: IKey; readonly config: StageConfig }

/** An OpenSearch domain in the network: who may do what is settled by IAM, and index by index by its own roles. */
export class SearchDomain extends Construct implements Search {
  readonly domain: Domain
  /** Gives the domain's roles to those of functions. */
  readonly admin: Role
  private readonly name: string
  private readonly network: Network

  constructor(scope: Construct, id: string, { network, key, config }: SearchDomainOptions) {
    super(scope, id)
    this.network = network
    this.name = `daybook-${config.stage}`
    this.admin = functionRole(this, 'admin', network.placement)
    const subnets = network.vpc.selectSubnets({ subnetType: SubnetType.PRIVATE_ISOLATED }).subnets
    this.domain = new Domain(this, 'domain', {
      domainName: this.name,
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
      logging: searchLogs(this, config.logDays),
      suppressLogsResourcePolicy: true,
      removalPolicy: removalPolicyOf(config.keepsData),
    })
    this.leaveAccessToIam()
    if (!config.keepsData)
      explain(this.domain, { OS4: 'Its data nodes are masters, too: nobody waits when it is away' })
    explain(this.domain, { OS3: 'It lies in the network, and lets in the security group of the functions alone' })
  }

  reading(): Capability<SearchVariable> {
    return this.allowing(['es:ESHttpGet', 'es:ESHttpHead', 'es:ESHttpPost'])
  }

  /** Documents, and the index that they are in. */
  writing(): Capability<SearchVariable> {
    return this.allowing(['es:ESHttpGet', 'es:ESHttpHead', 'es:ESHttpPost', 'es:ESHttpPut', 'es:ESHttpDelete'])
  }

  /** Set on the resource itself: given as an option, it would be set afterwards by a function with wide permissions. */
  private leaveAccessToIam(): void {
    const { defaultChild: resource } = this.domain.node
    if (!(resource instanceof CfnDomain)) throw new Error('a domain is one resource')
    resource.accessPolicies = new PolicyDocument({
      statements: [
        new PolicyStatement({
          principals: [new AccountRootPrincipal()],
          actions: ['es:ESHttpDelete', 'es:ESHttpGet', 'es:ESHttpHead', 'es:ESHttpPost', 'es:ESHttpPut'],
          resources: [this.paths()],
        }),
      ],
    })
  }

  private paths(): string {
    return Stack.of(this).formatArn({ service: 'es', resource: 'domain', resourceName: `${this.name}/*` })
  }

  private allowing(actions: ReadonlyArray<string>): Capability<SearchVariable> {
    const variables = {
      DAYBOOK_OPENSEARCH_URL: `https://${this.domain.domainEndpoint}`,
      DAYBOOK_OPENSEARCH_AUTH: 'iam',
    }
    const reason = 'Its paths are those of the search API: which indexes, the roles in the domain say'
    return { ...allowingAll(actions, this.paths(), reason), variables, placement: this.network.placement }
  }
}
