import { Duration } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import type { FunctionName } from '../../lambda/functions.ts'
import { all, allowing } from '../capability.ts'
import type { Data } from '../data.ts'
import type { Deployment } from '../deployment.ts'
import { DaybookFunction } from './daybook-function.ts'
import { every } from './schedule.ts'

/** Tries what the feeds gave up once more, and parks what fails still. */
export class Redriving extends Construct {
  readonly function: DaybookFunction<'redrive'>

  constructor(
    scope: Construct,
    id: string,
    deployment: Deployment,
    { buckets, engines }: Data,
    feeds: ReadonlyArray<DaybookFunction<FunctionName>>,
  ) {
    super(scope, id)
    this.function = new DaybookFunction(this, 'redrive', {
      deployment,
      description: 'Tries again what the feeds gave up',
      uses: all(
        buckets.failures.emptying('DAYBOOK_FAILURES_BUCKET'),
        engines.postgres.projecting(),
        allowing({}, ['lambda:InvokeFunction'], ...feeds.map(({ live }) => live.functionArn)),
      ),
      timeout: Duration.minutes(10),
      atMost: 1,
    })
    every(Duration.minutes(5), this.function)
  }
}
