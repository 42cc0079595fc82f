import { Duration, Stack } from 'aws-cdk-lib'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { BlockPublicAccess, Bucket, BucketEncryption, StorageClass } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import type { StageConfig } from '../config.ts'
import { removalPolicyOf } from '../removal.ts'
import { bucketArnOf, ObjectBucket } from './object-bucket.ts'
import { replication } from './replication.ts'

type BucketsOptions = { readonly key: IKey; readonly config: StageConfig; readonly nameOf: (name: string) => string }

const DAYS = { warm: 90, cold: 365, superseded: 30, exports: 7, failures: 14 } as const

const abortIncompleteMultipartUploadAfter = Duration.days(2)

/** Unique in the world by its account and region. */
const bucketNameOf = (scope: Construct, name: string): string =>
  `${name}-${Stack.of(scope).account}-${Stack.of(scope).region}`

/** The buckets, each with how long what is in it is kept, and where. */
export class Buckets extends Construct {
  /** Events that are too large for an item: as good as the event table itself. */
  readonly objects: ObjectBucket
  /** Archive, digests and the history of signing keys. */
  readonly trail: ObjectBucket
  /** Exports of the trail, until they are downloaded. */
  readonly exports: ObjectBucket
  /** Batches that feeds gave up. */
  readonly failures: ObjectBucket

  constructor(scope: Construct, id: string, { key, config, nameOf }: BucketsOptions) {
    super(scope, id)
    const { keepsData, trailLockedDays } = config
    const accessLogs = new Bucket(this, 'access-logs', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      removalPolicy: removalPolicyOf(keepsData),
      lifecycleRules: [{ expiration: Duration.days(DAYS.cold) }],
    })
    const options = (name: string) => ({ key, keepsData, accessLogs, bucketName: bucketNameOf(this, nameOf(name)) })
    const cooling = {
      abortIncompleteMultipartUploadAfter,
      transitions: [
        { storageClass: StorageClass.INFREQUENT_ACCESS, transitionAfter: Duration.days(DAYS.warm) },
        { storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(DAYS.cold) },
      ],
    }
    const passing = (days: number) => ({
      abortIncompleteMultipartUploadAfter,
      expiration: Duration.days(days),
      noncurrentVersionExpiration: Duration.days(1),
    })
    this.objects = new ObjectBucket(this, 'objects', { ...options('objects'), lifecycleRules: [cooling] })
    const trail = options('trail')
    this.trail = new ObjectBucket(this, 'trail', {
      ...trail,
      lockedDays: trailLockedDays,
      lifecycleRules: [cooling],
      ...replication(this, config, { arn: bucketArnOf(this, trail.bucketName), key }),
    })
    this.exports = new ObjectBucket(this, 'exports', { ...options('exports'), lifecycleRules: [passing(DAYS.exports)] })
    this.failures = new ObjectBucket(this, 'failures', {
      ...options('failures'),
      lifecycleRules: [passing(DAYS.failures)],
    })
  }
}
