import { DynamoDBServiceException } from '@aws-sdk/client-dynamodb'
import { partitionKeyOf } from './keys.ts'
import { EventStoreFault, type FaultKind, type StreamName } from './port.ts'

/** Errors by which DynamoDB asks for less ("Error handling with DynamoDB", error messages and codes). */
const THROTTLING: ReadonlySet<string> = new Set([
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
  'ThrottledException',
  'TooManyRequestsException',
  'LimitExceededException',
])

export const kindOf = (cause: unknown): FaultKind => {
  if (!(cause instanceof DynamoDBServiceException)) return 'unavailable'
  if (THROTTLING.has(cause.name)) return 'throttled'
  return cause.$fault === 'client' ? 'refused' : 'unavailable'
}

/** What an error of the client comes to, once its retries are over; one that is a fault already keeps its kind. */
export const faultIn = (doing: string, cause: unknown): EventStoreFault => {
  const why = cause instanceof Error ? cause.message : String(cause)
  const kind = cause instanceof EventStoreFault ? cause.kind : kindOf(cause)
  return new EventStoreFault(`${doing} failed: ${why}`, kind, { cause })
}

export const faultOf = (doing: string, stream: StreamName, cause: unknown): EventStoreFault =>
  faultIn(`${doing} ${partitionKeyOf(stream)}`, cause)
