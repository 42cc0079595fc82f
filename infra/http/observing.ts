import type { Operation } from '../../schemas/endpoint.ts'
import { METRICS } from '../metrics/definitions.ts'
import type { Metrics } from '../metrics/port.ts'
import { inRequestSpan } from '../tracing/spans.ts'

/** What of a request says where it comes from. */
type Asking = { readonly correlationId: string; readonly traceparent: string | undefined }

const statusClass = (status: number): string => `${Math.floor(status / 100)}xx`

/** Counts an answer to what is no operation. */
export const countStray = (metrics: Metrics, { status }: Response): void =>
  metrics.record(METRICS.requests, { Operation: 'none', StatusClass: statusClass(status) })

/** Answers requests for an operation, each in a span and counted. */
export const observing =
  (metrics: Metrics, { operationId, method, path }: Operation) =>
  async ({ correlationId, traceparent }: Asking, answer: () => Promise<Response>): Promise<Response> => {
    const from = performance.now()
    const attributes = { 'http.request.method': method, 'http.route': path, 'daybook.operation': operationId }
    const about = { name: `${method} ${path}`, traceparent, correlationId, attributes }
    const response = await inRequestSpan(about, async (answered) => {
      const given = await answer()
      answered(given.status)
      return given
    })
    metrics.record(METRICS.requests, { Operation: operationId, StatusClass: statusClass(response.status) })
    metrics.record(METRICS.requestDuration, { Operation: operationId }, performance.now() - from)
    return response
  }
