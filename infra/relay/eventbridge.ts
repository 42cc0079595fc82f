import { EventBridgeClient, PutEventsCommand, type PutEventsResultEntry } from '@aws-sdk/client-eventbridge'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { type Entry, entryOf, requestsOf, sizeOf } from './entries.ts'
import { EVENT_LIMIT, type EventBus, type Outcome, tooLargeForBus } from './port.ts'

/** With short timeouts, and no retries of its own: whoever puts events retries those that failed. */
export const eventBridgeClient = (endpoint?: string): EventBridgeClient =>
  new EventBridgeClient({
    ...(endpoint === undefined
      ? {}
      : { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'daybook', secretAccessKey: 'daybook' } }),
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: 2_000,
      requestTimeout: 10_000,
      throwOnRequestTimeout: true,
    }),
  })

/** What EventBridge says of an entry that is at fault itself (API Reference, PutEventsResultEntry). */
const AT_FAULT: ReadonlyArray<string> = ['MalformedDetail', 'InvalidArgument']

const outcomeOf = (result: PutEventsResultEntry | undefined): Outcome => {
  if (result?.EventId !== undefined && result.ErrorCode === undefined) return { _tag: 'Sent' }
  const { ErrorCode: code = 'no answer', ErrorMessage: message = 'no reason given' } = result ?? {}
  return { _tag: AT_FAULT.includes(code) ? 'Refused' : 'Failed', reason: `${code}: ${message}` }
}

/** A request that was answered may have failed in part (FailedEntryCount, with status 200): each entry tells for itself. */
const putOnce = async (client: EventBridgeClient, entries: ReadonlyArray<Entry>): Promise<ReadonlyArray<Outcome>> => {
  try {
    const answer = await client.send(new PutEventsCommand({ Entries: [...entries] }))
    return entries.map((_, index) => outcomeOf(answer.Entries?.[index]))
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    return entries.map(() => ({ _tag: 'Failed', reason }))
  }
}

/** A bus of Amazon EventBridge, by its name or ARN. */
export const eventBridgeBus = (client: EventBridgeClient, bus: string): EventBus => ({
  put: async (events) => {
    const outcomes: Outcome[] = []
    for (const request of requestsOf(events.map((event) => entryOf(bus, event)))) {
      const size = sizeOf(request)
      outcomes.push(...(size > EVENT_LIMIT ? [tooLargeForBus(size)] : await putOnce(client, request)))
    }
    return outcomes
  },
})
