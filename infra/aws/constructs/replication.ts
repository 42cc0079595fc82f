import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { type IKey, Key } from 'aws-cdk-lib/aws-kms'
import { Bucket, type BucketProps } from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import { all, allowing, allowingAll } from '../capability.ts'
import type { Settings } from '../settings.ts'
import { opening } from './data-key.ts'

type Replica = Pick<Settings, 'replicaBucketArn' | 'replicaKeyArn'>

const REASON = 'Every object is copied, whatever its name'

/** Copies every version, with how long it is locked, to a bucket of another region, where a stage names one. */
export const replication = (
  scope: Construct,
  { replicaBucketArn, replicaKeyArn }: Replica,
  source: { readonly arn: string; readonly key: IKey },
): Pick<BucketProps, 'replicationRole' | 'replicationRules'> => {
  if (replicaBucketArn === 'none') return {}
  const replicationRole = new Role(scope, 'replication', { assumedBy: new ServicePrincipal('s3.amazonaws.com') })
  all(
    allowing({}, ['s3:GetReplicationConfiguration', 's3:ListBucket'], source.arn),
    allowingAll(
      [
        's3:GetObjectVersionForReplication',
        's3:GetObjectVersionAcl',
        's3:GetObjectVersionTagging',
        's3:GetObjectRetention',
        's3:GetObjectLegalHold',
      ],
      `${source.arn}/*`,
      REASON,
    ),
    allowingAll(['s3:ReplicateObject', 's3:ReplicateDelete', 's3:ReplicateTags'], `${replicaBucketArn}/*`, REASON),
    opening(source.key),
    allowing({}, ['kms:Encrypt'], replicaKeyArn),
  ).grantTo(replicationRole)
  const destination = Bucket.fromBucketArn(scope, 'replica', replicaBucketArn)
  const kmsKey = Key.fromKeyArn(scope, 'replica-key', replicaKeyArn)
  return { replicationRole, replicationRules: [{ destination, kmsKey, priority: 0, sseKmsEncryptedObjects: true }] }
}
