import { CloudWatchClient, type CloudWatchClientConfig, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch'
import { METRICS } from '../../infra/metrics/definitions.ts'

export type Alarm = { readonly state: string; readonly description: string }

/** The alarm on parked streams, as it was deployed and as the emulator sees it now. */
export const parkedStreamsAlarm = (config: CloudWatchClientConfig) => async (): Promise<Alarm> => {
  const client = new CloudWatchClient(config)
  for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client }, {})) {
    const found = MetricAlarms.find(({ MetricName }) => MetricName === METRICS.streamsParked.name)
    if (found) return { state: found.StateValue ?? '', description: found.AlarmDescription ?? '' }
  }
  throw new Error('there is no alarm on parked streams')
}
