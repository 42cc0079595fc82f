import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { privacyOn } from '../composition/privacy.ts'
import { SUBJECT_KEY_TABLE_NAME } from '../names.ts'
import { masterKeyIn } from '../privacy/master-key.ts'
import type { Privacy } from '../privacy/private-events.ts'

/** A laptop's keys for what is personal: the master key lies in the data directory. */
export const localPrivacy = async (client: DynamoDBClient, dataDir: string): Promise<Privacy> =>
  privacyOn(client, SUBJECT_KEY_TABLE_NAME, await masterKeyIn(dataDir))
