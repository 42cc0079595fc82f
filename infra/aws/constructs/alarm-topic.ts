import { ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import type { Construct } from 'constructs'
import { dataKey } from './data-key.ts'

/** Where alarms go, and from there to somebody. */
export const alarmTopic = (scope: Construct, email: string): Topic => {
  const masterKey = dataKey(scope, 'alarm-key', 'Daybook: alarms', false)
  masterKey.grant(new ServicePrincipal('cloudwatch.amazonaws.com'), 'kms:Decrypt', 'kms:GenerateDataKey')
  const topic = new Topic(scope, 'alarms', { displayName: 'Daybook', masterKey, enforceSSL: true })
  topic.addSubscription(new EmailSubscription(email))
  return topic
}
