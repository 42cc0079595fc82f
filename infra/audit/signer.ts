import { createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto'

/** Holds a private key of the trail: a file on a laptop, KMS on AWS. ECDSA on P-256 with SHA-256. */
export type Signer = {
  readonly keyId: string
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array
  /** Answers the signature in DER. */
  readonly sign: (message: Uint8Array) => Promise<Uint8Array>
}

/** Names a public key by the SHA-256 of its SubjectPublicKeyInfo, hex. */
export const keyIdOf = (publicKey: Uint8Array): string => hash('sha256', publicKey)

export const signerOf = (privateKey: KeyObject): Signer => {
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' })
  return {
    keyId: keyIdOf(publicKey),
    publicKey,
    sign: async (message) => sign('sha256', message, { key: privateKey, dsaEncoding: 'der' }),
  }
}

/** The key of a SubjectPublicKeyInfo; undefined where it is none on P-256. */
export const publicKeyOf = (spki: Uint8Array): KeyObject | undefined => {
  try {
    const key = createPublicKey({ key: Buffer.from(spki), type: 'spki', format: 'der' })
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : undefined
  } catch {
    return undefined
  }
}

export const isSignature = (key: KeyObject, message: Uint8Array, signature: Uint8Array): boolean => {
  try {
    return verify('sha256', message, { key, dsaEncoding: 'der' }, signature)
  } catch {
    return false
  }
}
