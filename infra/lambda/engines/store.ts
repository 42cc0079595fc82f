import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { S3Client } from '@aws-sdk/client-s3'
import type { StoreEngines } from '../../composition/event-store.ts'
import { privacyOn } from '../../composition/privacy.ts'
import type { WriteEngines } from '../../composition/write-side.ts'
import { dynamoDbClient } from '../../dynamodb-client.ts'
import { AWS_BOUNDS, EMULATED_BOUNDS } from '../../event-store/time-bounds.ts'
import { s3Client, s3Objects } from '../../objects/s3.ts'
import { kmsMasterKey } from '../../privacy/kms-master-key.ts'
import type { Privacy } from '../../privacy/private-events.ts'
import type { Told } from '../environment.ts'
import { kmsClient } from './kms.ts'

const BOUNDS = { aws: AWS_BOUNDS, emulated: EMULATED_BOUNDS } as const

/** The event store; clients connect when they are first used. */
export const storeOf = (
  {
    DAYBOOK_EVENT_TABLE: table,
    DAYBOOK_TIME_BOUNDS: bounds,
    DAYBOOK_OBJECTS_BUCKET: bucket,
  }: Told<'DAYBOOK_EVENT_TABLE' | 'DAYBOOK_TIME_BOUNDS' | 'DAYBOOK_OBJECTS_BUCKET'>,
  s3: S3Client = s3Client(),
): StoreEngines => ({ client: dynamoDbClient(), table, objects: s3Objects(s3, bucket), bounds: BOUNDS[bounds] })

export const privacyOf = (
  dynamodb: DynamoDBClient,
  {
    DAYBOOK_SUBJECT_KEY_TABLE: table,
    DAYBOOK_PERSONAL_KEY: keyArn,
  }: Told<'DAYBOOK_SUBJECT_KEY_TABLE' | 'DAYBOOK_PERSONAL_KEY'>,
): Privacy => privacyOn(dynamodb, table, kmsMasterKey({ kms: kmsClient(), keyArn, dynamodb, table }))

/** The tables that commands write beside the events'. */
export const tablesOf = (
  told: Told<'DAYBOOK_RESERVATION_TABLE' | 'DAYBOOK_REQUEST_TABLE' | 'DAYBOOK_SNAPSHOT_TABLE'>,
): WriteEngines['tables'] => ({
  reservations: told.DAYBOOK_RESERVATION_TABLE,
  requests: told.DAYBOOK_REQUEST_TABLE,
  snapshots: told.DAYBOOK_SNAPSHOT_TABLE,
})
