import type { Operation } from '../../schemas/endpoint.ts'
import { eventAccessLog } from '../access-log/event-log.ts'
import type { EventStore } from '../event-store/port.ts'
import { createApp } from '../http/app.ts'
import { docsRoutes } from '../http/docs-page.ts'
import { openApiOf } from '../http/openapi.ts'
import type { Authenticate } from '../identity/tokens.ts'
import type { Logger } from '../log/logger.ts'
import type { Metrics } from '../metrics/port.ts'
import { newUlid } from '../ulids.ts'

/** Version of the API as its description names it. */
const API_VERSION = '1.0.0'

export type Api = ReturnType<typeof createApp>

export type ApiParts = {
  readonly operations: ReadonlyArray<Operation>
  readonly authenticate: Authenticate
  /** Takes what goes on record. */
  readonly store: EventStore
  readonly log: Logger
  readonly metrics: Metrics
}

/** The HTTP API of these operations, whoever serves it. */
export const apiOf = ({ operations, authenticate, store, log, metrics }: ApiParts): Api =>
  createApp({ operations, authenticate, newId: newUlid, log, accessLog: eventAccessLog(store, newUlid), metrics })

/**
 * Adds `/openapi.json`, made when it is first asked for, and `/docs`. @param serverUrl where the operations are, seen from the
 * description. @param assets folder of the page's files, where they are not those of node_modules.
 */
export const describeIn = (
  api: Api,
  operations: ReadonlyArray<Operation>,
  { serverUrl, assets }: { readonly serverUrl: string; readonly assets?: string },
): void => {
  let description: ReturnType<typeof openApiOf> | undefined
  api.get('/openapi.json', (c) => {
    description ??= openApiOf(operations, { version: API_VERSION, serverUrl })
    return c.json(description)
  })
  api.route('/', docsRoutes('openapi.json', assets))
}
