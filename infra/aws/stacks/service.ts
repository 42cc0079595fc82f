import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { ApiFunctions } from '../constructs/api-functions.ts'
import { tellEngines } from '../constructs/engines-parameter.ts'
import { FeedFunctions } from '../constructs/feed-functions.ts'
import { Firewall } from '../constructs/firewall.ts'
import { GradualDeployment } from '../constructs/gradual-deployment.ts'
import { Migration } from '../constructs/migration.ts'
import { Processing } from '../constructs/processing.ts'
import { Redriving } from '../constructs/redriving.ts'
import { RestApi } from '../constructs/rest-api.ts'
import { Sealing } from '../constructs/sealing.ts'
import type { Data } from '../data.ts'
import type { Deployment } from '../deployment.ts'

/** All that runs and holds nothing: it may be deleted and made anew. */
export class ServiceStack extends Stack {
  readonly api: RestApi
  readonly apiFunctions: ApiFunctions
  readonly feeds: FeedFunctions
  readonly processing: Processing
  readonly sealing: Sealing
  readonly redriving: Redriving

  constructor(scope: Construct, id: string, deployment: Deployment, data: Data, props: StackProps) {
    super(scope, id, props)
    const { config } = deployment
    this.apiFunctions = new ApiFunctions(this, 'functions', deployment, data)
    this.feeds = new FeedFunctions(this, 'feeds', deployment, data)
    this.processing = new Processing(this, 'processing', deployment, data)
    this.sealing = new Sealing(this, 'sealing', deployment, data)
    this.redriving = new Redriving(this, 'redriving', deployment, data, this.feeds.all())
    this.api = new RestApi(this, 'rest', this.apiFunctions, config)
    const { queries, subjects } = this.apiFunctions
    const migration = new Migration(this, 'migration', deployment, data, {
      readers: [queries.role.roleArn],
      writers: [this.feeds.search.role.roleArn],
    })
    for (const { function: code } of [
      queries,
      subjects,
      ...this.feeds.all(),
      this.processing.function,
      this.redriving.function,
    ])
      code.node.addDependency(migration)
    if (config.has('firewall')) new Firewall(this, 'firewall', this.api.api, config)
    if (config.has('gradualDeployment')) {
      new GradualDeployment(this, 'gradual', this.functions(), config.canaryDeployment)
    }
    tellEngines(this, config.stage, this.api.url, data)
    new CfnOutput(this, 'ApiUrl', { value: this.api.url })
  }

  /** Those that run after a deployment. */
  functions() {
    return [
      ...this.apiFunctions.all(),
      ...this.feeds.all(),
      this.processing.function,
      this.sealing.function,
      this.redriving.function,
    ]
  }
}
