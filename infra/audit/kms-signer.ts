import { hash } from 'node:crypto'
import { GetPublicKeyCommand, type KMSClient, SignCommand } from '@aws-sdk/client-kms'
import { CorruptTrail } from './corrupt-trail.ts'
import { keyIdOf, publicKeyOf, type Signer } from './signer.ts'

/**
 * A key that never leaves KMS (ECC_NIST_P256, SIGN_VERIFY). It is told to sign a digest, so that a message may be of any length; it
 * answers signatures in DER. Rejects with `CorruptTrail` where the key is of another kind.
 */
export const kmsSigner = async (client: KMSClient, key: string): Promise<Signer> => {
  const { PublicKey: publicKey } = await client.send(new GetPublicKeyCommand({ KeyId: key }))
  if (publicKey === undefined || publicKeyOf(publicKey) === undefined)
    throw new CorruptTrail(`the trail cannot be signed by ${key}: it is no key on P-256 (ECC_NIST_P256)`)
  return {
    keyId: keyIdOf(publicKey),
    publicKey,
    sign: async (message) => {
      const { Signature: signature } = await client.send(
        new SignCommand({
          KeyId: key,
          MessageType: 'DIGEST',
          Message: Buffer.from(hash('sha256', message), 'hex'),
          SigningAlgorithm: 'ECDSA_SHA_256',
        }),
      )
      if (signature === undefined) throw new Error(`${key} signed nothing`)
      return signature
    },
  }
}
