import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { personalData } from '../../projections/event-codecs.ts'
import { backOff } from '../back-off.ts'
import { cachedKeys } from '../privacy/cached-keys.ts'
import { dynamoSubjectKeys } from '../privacy/dynamo.ts'
import type { MasterKey } from '../privacy/port.ts'
import type { Privacy } from '../privacy/private-events.ts'

/** What is personal in Daybook's events, and the keys for it, which a table holds wrapped. */
export const privacyOn = (client: DynamoDBClient, table: string, master: MasterKey): Privacy => {
  const keys = dynamoSubjectKeys({ client, table, master, backOff })
  return { personal: personalData, keys: cachedKeys(keys, () => performance.now()) }
}
