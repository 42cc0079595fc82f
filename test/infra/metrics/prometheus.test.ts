import { describe, expect, test } from 'vitest'
import { METRICS } from '../../../infra/metrics/definitions.ts'
import { prometheusMetrics } from '../../../infra/metrics/prometheus.ts'

describe('metrics for Prometheus', () => {
  test('are in base units, with the names and labels that it recommends', async () => {
    const { record, registry } = prometheusMetrics()
    record(METRICS.commands, { Command: 'placeOrder', Outcome: 'executed' })
    record(METRICS.commands, { Command: 'placeOrder', Outcome: 'executed' }, 2)
    record(METRICS.requests, { Operation: 'placeOrder', StatusClass: '2xx' })
    record(METRICS.parkedStreams, { Projection: 'orders' }, 2)
    record(METRICS.parkedStreams, { Projection: 'orders' }, 1)
    record(METRICS.rebuildProgress, { Projection: 'orders' }, 42)
    record(METRICS.appendDuration, {}, 4)
    record(METRICS.appendDuration, {}, 400)
    const lines = (await registry.metrics()).split('\n')
    expect(lines).toEqual(
      expect.arrayContaining([
        '# TYPE daybook_commands_total counter',
        'daybook_commands_total{command="placeOrder",outcome="executed"} 3',
        'daybook_requests_total{operation="placeOrder",status_class="2xx"} 1',
        'daybook_parked_streams{projection="orders"} 1',
        'daybook_rebuild_progress_ratio{projection="orders"} 0.42',
        '# TYPE daybook_append_duration_seconds histogram',
        'daybook_append_duration_seconds_bucket{le="0.005"} 1',
        'daybook_append_duration_seconds_bucket{le="+Inf"} 2',
        'daybook_append_duration_seconds_sum 0.404',
        'daybook_append_duration_seconds_count 2',
      ]),
    )
  })
})
