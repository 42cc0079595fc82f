import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { personalData } from '../../projections/event-codecs.ts'
import { backOff } from '../back-off.ts'
import { SUBJECT_KEY_TABLE_NAME } from '../names.ts'
import { cachedKeys } from '../privacy/cached-keys.ts'
import { dynamoSubjectKeys } from '../privacy/dynamo.ts'
import { masterKeyIn } from '../privacy/master-key.ts'
import type { Privacy } from '../privacy/private-events.ts'

/** What is personal in Daybook's events, and a laptop's keys for it: the master key lies in the data directory. */
export const localPrivacy = async (client: DynamoDBClient, dataDir: string): Promise<Privacy> => {
  const master = await masterKeyIn(dataDir)
  const keys = dynamoSubjectKeys({ client, table: SUBJECT_KEY_TABLE_NAME, master, backOff })
  return { personal: personalData, keys: cachedKeys(keys, () => performance.now()) }
}
