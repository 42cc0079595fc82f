import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms'
import { Construct } from 'constructs'
import { allowing } from '../capability.ts'
import { removalPolicyOf } from '../removal.ts'

/**
 * They sign the digests and manifests of the trail (ECDSA on P-256); their private halves never leave KMS. The newest signs; one that
 * was is kept, for it answers for what it signed, and signs who follows it.
 */
export class SigningKeys extends Construct {
  private readonly arns: ReadonlyArray<string>

  constructor(
    scope: Construct,
    id: string,
    { count, keepsData }: { readonly count: number; readonly keepsData: boolean },
  ) {
    super(scope, id)
    this.arns = Array.from({ length: count }, (_, nth) => {
      const key = new Key(this, `key-${nth + 1}`, {
        description: `Daybook: signs the audit trail, key ${nth + 1}`,
        keySpec: KeySpec.ECC_NIST_P256,
        keyUsage: KeyUsage.SIGN_VERIFY,
        removalPolicy: removalPolicyOf(keepsData),
      })
      return key.keyArn
    })
  }

  signing() {
    return allowing({ DAYBOOK_SIGNING_KEY: this.arns.join(',') }, ['kms:Sign', 'kms:GetPublicKey'], ...this.arns)
  }
}
