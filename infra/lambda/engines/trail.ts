import type { S3Client } from '@aws-sdk/client-s3'
import { kmsKeys } from '../../audit/kms-keys.ts'
import type { StoreEngines } from '../../composition/event-store.ts'
import { trailOn } from '../../composition/trail.ts'
import { s3Objects } from '../../objects/s3.ts'
import type { Told } from '../environment.ts'
import { kmsClient } from './kms.ts'

/** The audit trail, signed by KMS. */
export const trailOf = (
  engines: StoreEngines,
  s3: S3Client,
  { DAYBOOK_TRAIL_BUCKET: bucket, DAYBOOK_SIGNING_KEY: keys }: Told<'DAYBOOK_TRAIL_BUCKET' | 'DAYBOOK_SIGNING_KEY'>,
): ReturnType<typeof trailOn> =>
  trailOn(engines, s3Objects(s3, bucket), (documents, clock) => kmsKeys(kmsClient(), keys.split(','), documents, clock))
