import { Duration } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { all } from '../capability.ts'
import type { Data } from '../data.ts'
import type { Deployment } from '../deployment.ts'
import { DaybookFunction } from './daybook-function.ts'
import { every } from './schedule.ts'

/** Signs the hours of the trail as they end. A run that fails is followed by the next. */
export class Sealing extends Construct {
  readonly function: DaybookFunction<'seal'>

  constructor(scope: Construct, id: string, deployment: Deployment, { store, buckets, signing }: Data) {
    super(scope, id)
    this.function = new DaybookFunction(this, 'seal', {
      deployment,
      description: 'Signs the hours of the audit trail',
      uses: all(store.readingInTime(), buckets.trail.readingAndWriting('DAYBOOK_TRAIL_BUCKET'), signing.signing()),
      timeout: Duration.minutes(5),
      atMost: 1,
    })
    every(Duration.minutes(1), this.function)
  }
}
