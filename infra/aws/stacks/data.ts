import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib'
import { Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis'
import type { Construct } from 'constructs'
import { KINESIS_STREAM_NAME } from '../../names.ts'
import { knowing } from '../capability.ts'
import { Buckets } from '../constructs/buckets.ts'
import { dataKey } from '../constructs/data-key.ts'
import { Database } from '../constructs/database.ts'
import { DaybookFunction } from '../constructs/daybook-function.ts'
import { type Engines, givenEngines } from '../constructs/engines.ts'
import { EventStore } from '../constructs/event-store.ts'
import { Identity } from '../constructs/identity.ts'
import { IntegrationBus } from '../constructs/integration-bus.ts'
import type { Source } from '../constructs/mapping.ts'
import type { Network } from '../constructs/network.ts'
import { PersonalData } from '../constructs/personal-data.ts'
import { SearchDomain } from '../constructs/search-domain.ts'
import { SigningKeys } from '../constructs/signing-keys.ts'
import { changesOf, recordsOf } from '../constructs/sources.ts'
import type { Data } from '../data.ts'
import { type Deployment, nameIn } from '../deployment.ts'
import { explain } from '../explained.ts'
import { removalPolicyOf } from '../removal.ts'

/** All that holds something: it is deployed seldom, and what it holds is not replaced by a deployment. */
export class DataStack extends Stack implements Omit<Data, 'flags'> {
  readonly buckets: Buckets
  readonly commits: Source
  readonly changes: Source
  readonly store: EventStore
  readonly personal: PersonalData
  readonly signing: SigningKeys
  readonly engines: Engines
  readonly database?: Database
  readonly searchDomain?: SearchDomain
  readonly identity: Identity
  readonly bus: IntegrationBus

  constructor(scope: Construct, id: string, deployment: Deployment, network: Network | undefined, props: StackProps) {
    super(scope, id, props)
    const { config } = deployment
    const { keepsData } = config
    const nameOf = (name: string): string => nameIn(config, name)
    const key = dataKey(this, 'data-key', 'Daybook: data at rest', keepsData)
    this.buckets = new Buckets(this, 'buckets', { key, config, nameOf: (name) => nameOf(`daybook-${name}`) })
    const commits = new Stream(this, 'commits', {
      streamName: nameOf(KINESIS_STREAM_NAME),
      streamMode: StreamMode.PROVISIONED,
      shardCount: config.kinesisShards,
      retentionPeriod: Duration.days(7),
      encryption: StreamEncryption.KMS,
      encryptionKey: key,
      removalPolicy: removalPolicyOf(keepsData),
    })
    const { objects } = this.buckets
    const bounds = config.externalEngines === undefined ? 'aws' : 'emulated'
    this.store = new EventStore(this, 'event-store', { key, keepsData, nameOf, objects, bounds, destination: commits })
    explain(commits, {
      KDS3: 'A key of ours says who reads the commits; the key of AWS would be for everybody in the account',
    })
    this.commits = recordsOf(commits, key)
    this.changes = changesOf(this.store.events, key)
    this.personal = new PersonalData(this, 'personal-data', { key, keepsData, nameOf })
    this.signing = new SigningKeys(this, 'signing-keys', { count: config.signingKeys, keepsData })
    this.bus = new IntegrationBus(this, 'bus', nameOf('daybook'))
    const preToken = new DaybookFunction(this, 'pre-token', {
      deployment,
      description: 'Puts tenant and roles into access tokens',
      uses: knowing({}),
      timeout: Duration.seconds(5),
    })
    this.identity = new Identity(this, 'identity', { config, preToken: preToken.live })
    if (config.externalEngines !== undefined) {
      this.engines = givenEngines(config.externalEngines)
    } else {
      if (network === undefined) throw new Error('engines of its own lie in a network')
      this.database = new Database(this, 'database', { network, key, config })
      this.searchDomain = new SearchDomain(this, 'search', { network, key, config })
      this.engines = { postgres: this.database, search: this.searchDomain }
    }
    new CfnOutput(this, 'UserPoolId', { value: this.identity.pool.userPoolId })
    new CfnOutput(this, 'ClientId', { value: this.identity.client.userPoolClientId })
  }
}
