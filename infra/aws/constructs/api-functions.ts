import { Duration } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { all, allowing, knowing } from '../capability.ts'
import type { Data } from '../data.ts'
import type { Deployment } from '../deployment.ts'
import { DaybookFunction } from './daybook-function.ts'

/** API Gateway waits for 29 seconds. */
const timeout = Duration.seconds(28)

/** What answers HTTP, and the exports that it asks for. */
export class ApiFunctions extends Construct {
  readonly commands: DaybookFunction<'command-api'>
  readonly queries: DaybookFunction<'query-api'>
  readonly subjects: DaybookFunction<'subjects-api'>
  readonly exports: DaybookFunction<'export-trail'>

  constructor(scope: Construct, id: string, deployment: Deployment, data: Data) {
    super(scope, id)
    const { store, personal, engines, buckets, identity, signing } = data
    // Whoever is the first to ask decides when the trail begins, and writes it there.
    const trail = buckets.trail.readingAndWriting('DAYBOOK_TRAIL_BUCKET')
    const exports = buckets.exports.readingAndWriting('DAYBOOK_EXPORT_BUCKET')
    this.commands = new DaybookFunction(this, 'command-api', {
      deployment,
      description: 'Executes commands; needs nothing that lies in the network',
      uses: all(store.appending(), personal.sealing(), identity.accepting()),
      timeout,
    })
    this.exports = new DaybookFunction(this, 'export-trail', {
      deployment,
      description: 'Makes an export of the trail',
      uses: all(store.readingInTime(), trail, exports, signing.signing()),
      timeout: Duration.minutes(15),
      ephemeralGiB: 4,
    })
    this.exports.live.configureAsyncInvoke({ retryAttempts: 1, maxEventAge: Duration.minutes(5) })
    this.queries = new DaybookFunction(this, 'query-api', {
      deployment,
      description: 'Answers queries',
      uses: all(
        store.appending(),
        store.readingInTime(),
        store.probing(),
        personal.sealing(),
        identity.accepting(),
        engines.search.reading(),
        engines.postgres.reading(),
        engines.postgres.projecting(),
        trail,
        exports,
        knowing({ DAYBOOK_RELEASE: deployment.config.release }),
        this.askingForExports(),
      ),
      timeout,
    })
    this.subjects = new DaybookFunction(this, 'subjects-api', {
      deployment,
      description: 'Tells what is held of a person, and erases it',
      uses: all(
        store.appending(),
        store.scanning(),
        personal.erasing(),
        identity.accepting(),
        engines.postgres.owning(),
      ),
      timeout,
    })
  }

  all() {
    return [this.commands, this.queries, this.subjects, this.exports]
  }

  private askingForExports() {
    const { functionArn } = this.exports.live
    return allowing({ DAYBOOK_EXPORT_FUNCTION: functionArn }, ['lambda:InvokeFunction'], functionArn)
  }
}
