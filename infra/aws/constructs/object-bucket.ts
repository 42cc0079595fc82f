import { Duration, Stack } from 'aws-cdk-lib'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { BlockPublicAccess, Bucket, BucketEncryption, type BucketProps, ObjectLockRetention } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import type { Variable } from '../../lambda/environment.ts'
import { all, allowing, allowingAll, type Capability } from '../capability.ts'
import { removalPolicyOf } from '../removal.ts'
import { opening, sealing } from './data-key.ts'

type ObjectBucketOptions = Pick<BucketProps, 'lifecycleRules' | 'replicationRole' | 'replicationRules'> & {
  readonly bucketName: string
  readonly key: IKey
  readonly keepsData: boolean
  /** Takes the access logs of the others. */
  readonly accessLogs: Bucket
  /** For how long nobody may delete or change what was written. */
  readonly lockedDays?: number
}

/** By its name, which stands before the bucket does. */
export const bucketArnOf = (scope: Construct, name: string): string =>
  Stack.of(scope).formatArn({ service: 's3', region: '', account: '', resource: name })

/** A private bucket with versions, under a key of ours, that answers over TLS alone. */
export class ObjectBucket extends Construct {
  readonly bucket: Bucket
  /** By its name, so that whoever may use it need not be deployed with it. */
  readonly arn: string
  private readonly key: IKey

  constructor(scope: Construct, id: string, { accessLogs, keepsData, lockedDays, key, ...props }: ObjectBucketOptions) {
    super(scope, id)
    this.key = key
    this.arn = bucketArnOf(this, props.bucketName)
    this.bucket = new Bucket(this, 'bucket', {
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      removalPolicy: removalPolicyOf(keepsData),
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: `${id}/`,
      ...(lockedDays !== undefined && {
        objectLockDefaultRetention: ObjectLockRetention.compliance(Duration.days(lockedDays)),
      }),
      ...props,
    })
  }

  reading<V extends Variable>(variable: V): Capability<V> {
    return this.found(variable, this.giving())
  }

  writing<V extends Variable>(variable: V): Capability<V> {
    return this.found(variable, this.taking())
  }

  readingAndWriting<V extends Variable>(variable: V): Capability<V> {
    return this.found(variable, all(this.giving(), this.taking()))
  }

  /** Reading, and removing what was read. */
  emptying<V extends Variable>(variable: V): Capability<V> {
    return this.found(variable, all(this.giving(), this.granting('s3:DeleteObject')))
  }

  /** Writing for who is told where by other means. */
  taking(): Capability<never> {
    return all(this.granting('s3:PutObject'), sealing(this.key))
  }

  private giving(): Capability<never> {
    return all(this.granting('s3:GetObject'), opening(this.key))
  }

  /** Without the right to list, S3 answers a missing object as a forbidden one. */
  private granting(action: string): Capability<never> {
    const reason = 'Objects are named by their content: any of this bucket, and of no other'
    return all(allowingAll([action], `${this.arn}/*`, reason), allowing({}, ['s3:ListBucket'], this.arn))
  }

  private found<V extends Variable>(variable: V, granted: Capability<never>): Capability<V> {
    // The compiler does not know that a computed name is the one property.
    const variables = { [variable]: this.bucket.bucketName } as { readonly [Name in V]: string }
    return { ...granted, variables }
  }
}
