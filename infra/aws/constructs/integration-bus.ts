import { Duration } from 'aws-cdk-lib'
import { EventBus } from 'aws-cdk-lib/aws-events'
import { Construct } from 'constructs'
import { allowing } from '../capability.ts'

/** Where integration events go out to other systems, and are kept for those who join later. */
export class IntegrationBus extends Construct {
  readonly bus: EventBus

  constructor(scope: Construct, id: string, name: string) {
    super(scope, id)
    this.bus = new EventBus(this, 'bus', { eventBusName: name })
    this.bus.archive('archive', {
      archiveName: name,
      description: 'Integration events of a year',
      eventPattern: { account: [this.bus.stack.account] },
      retention: Duration.days(365),
    })
  }

  publishing() {
    return allowing({ DAYBOOK_EVENT_BUS: this.bus.eventBusName }, ['events:PutEvents'], this.bus.eventBusArn)
  }
}
