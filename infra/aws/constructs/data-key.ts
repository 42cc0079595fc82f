import { type IKey, Key } from 'aws-cdk-lib/aws-kms'
import type { Construct } from 'constructs'
import { allowing, type Capability } from '../capability.ts'
import { removalPolicyOf } from '../removal.ts'

/** A key of ours for data at rest; every year KMS makes new material for it, and keeps the old. */
export const dataKey = (scope: Construct, id: string, description: string, keepsData: boolean): Key =>
  new Key(scope, id, { description, enableKeyRotation: true, removalPolicy: removalPolicyOf(keepsData) })

/** What DynamoDB and S3 ask of the key on behalf of whoever reads or writes. */
export const opening = (key: IKey): Capability<never> => allowing({}, ['kms:Decrypt'], key.keyArn)
export const sealing = (key: IKey): Capability<never> =>
  allowing({}, ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'], key.keyArn)
