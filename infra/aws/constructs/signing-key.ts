import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms'
import { Construct } from 'constructs'
import { allowing } from '../capability.ts'
import { removalPolicyOf } from '../removal.ts'

/** Signs the digests and manifests of the trail (ECDSA on P-256). Its private half never leaves KMS. */
export class SigningKey extends Construct {
  readonly key: Key

  constructor(scope: Construct, id: string, keepsData: boolean) {
    super(scope, id)
    this.key = new Key(this, 'key', {
      description: 'Daybook: signs the audit trail',
      keySpec: KeySpec.ECC_NIST_P256,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: removalPolicyOf(keepsData),
    })
  }

  signing() {
    return allowing({ DAYBOOK_SIGNING_KEY: this.key.keyArn }, ['kms:Sign', 'kms:GetPublicKey'], this.key.keyArn)
  }
}
