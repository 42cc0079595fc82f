import { Fn, Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import type { StageConfig } from '../config.ts'
import { Network } from '../constructs/network.ts'

/** The network, which outlives what lies in it. */
export class NetworkStack extends Stack {
  readonly network: Network

  constructor(scope: Construct, id: string, config: StageConfig, props: StackProps) {
    super(scope, id, props)
    this.network = new Network(this, 'network', config)
  }

  /** By number, so that they need not be looked up in the account. */
  override get availabilityZones(): string[] {
    return [0, 1, 2].map((nth) => Fn.select(nth, Fn.getAzs()))
  }
}
