import { Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { NEEDED, type Variable } from '../../lambda/environment.ts'
import { FUNCTION_NAMES } from '../../lambda/functions.ts'
import type { StageConfig } from '../config.ts'
import { FeatureFlags } from '../constructs/feature-flags.ts'

/** Those whose environment tells them where the flags are. */
const READERS = FUNCTION_NAMES.filter((name) => {
  const needed: ReadonlyArray<Variable> = NEEDED[name]
  return needed.includes('DAYBOOK_FLAGS_PROFILE')
})

/** What is switched on, in a stack of its own: deployed and taken back without the code that reads it. */
export class FlagsStack extends Stack {
  readonly flags: FeatureFlags

  constructor(scope: Construct, id: string, config: StageConfig, props: StackProps) {
    super(scope, id, props)
    this.flags = new FeatureFlags(this, 'flags', { config, readers: READERS })
  }
}
