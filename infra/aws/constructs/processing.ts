import { Duration } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { all } from '../capability.ts'
import type { Data } from '../data.ts'
import type { Deployment } from '../deployment.ts'
import { DaybookFunction } from './daybook-function.ts'
import { every } from './schedule.ts'

/** Takes what processes have to do as it becomes due. A run that fails is followed by the next. */
export class Processing extends Construct {
  readonly function: DaybookFunction<'process'>

  constructor(scope: Construct, id: string, deployment: Deployment, { store, personal, engines, flags }: Data) {
    super(scope, id)
    this.function = new DaybookFunction(this, 'process', {
      deployment,
      description: 'Takes the steps of processes that are due',
      uses: all(store.appending(), personal.sealing(), engines.postgres.projecting(), flags.reading()),
      memoryMiB: 1_024,
      timeout: Duration.minutes(5),
      atMost: 1,
    })
    every(Duration.minutes(1), this.function)
  }
}
