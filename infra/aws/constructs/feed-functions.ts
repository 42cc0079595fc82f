import { Duration } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { all } from '../capability.ts'
import type { Data } from '../data.ts'
import type { Deployment } from '../deployment.ts'
import { DaybookFunction } from './daybook-function.ts'
import { feed } from './mapping.ts'

const timeout = Duration.minutes(2)

/** What follows the events: two projectors, the archive, and the relay to other systems. */
export class FeedFunctions extends Construct {
  readonly views: DaybookFunction<'project-views'>
  readonly search: DaybookFunction<'project-search'>
  readonly archive: DaybookFunction<'archive'>
  readonly relay: DaybookFunction<'relay'>

  constructor(scope: Construct, id: string, deployment: Deployment, data: Data) {
    super(scope, id)
    const { store, personal, engines, buckets, bus, changes, commits } = data
    const { failures } = buckets
    const { config } = deployment
    const [postgres, search] = [engines.postgres.projecting(), engines.search.writing()]
    this.views = new DaybookFunction(this, 'project-views', {
      deployment,
      description: 'Keeps the views of Postgres up to the events',
      uses: all(store.reading(), personal.sealing(), postgres),
      timeout,
    })
    feed(this.views, { source: changes, failures, atOnce: config.projectorsPerShard })
    this.search = new DaybookFunction(this, 'project-search', {
      deployment,
      description: 'Keeps the search index up to the events',
      uses: all(store.reading(), search, postgres),
      timeout,
    })
    feed(this.search, { source: commits, failures, atOnce: config.projectorsPerShard })
    this.archive = new DaybookFunction(this, 'archive', {
      deployment,
      description: 'Keeps every commit in the archive of its hour',
      uses: all(store.reading(), buckets.trail.readingAndWriting('DAYBOOK_TRAIL_BUCKET'), postgres),
      timeout,
    })
    feed(this.archive, { source: commits, failures, atOnce: 1 })
    this.relay = new DaybookFunction(this, 'relay', {
      deployment,
      description: 'Tells other systems what happened',
      uses: all(store.reading(), bus.publishing()),
      timeout,
    })
    feed(this.relay, { source: commits, failures, atOnce: 1 })
  }

  all() {
    return [this.views, this.search, this.archive, this.relay]
  }
}
