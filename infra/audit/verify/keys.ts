import { createPublicKey } from 'node:crypto'
import * as E from 'fp-ts/lib/Either.js'
import { type KnownKey, keyAt, knownKeys, type SignedKey } from '../key-history.ts'
import { isSignedBy, type Signed } from '../signed.ts'
import { keyIdOf } from '../signer.ts'
import { type FindingKind, Found } from './finding.ts'

const idOfPem = (pem: string): string => {
  try {
    return keyIdOf(createPublicKey(pem).export({ type: 'spki', format: 'der' }))
  } catch {
    throw new Found('key', 'the given public key', 'is no public key in PEM')
  }
}

/** The keys of a history that is intact and holds the key that the verifier trusts. @param trusted PEM. */
export const trustedKeys = (history: ReadonlyArray<SignedKey>, trusted: string): ReadonlyArray<KnownKey> => {
  const given = idOfPem(trusted)
  const keys = knownKeys(history)
  if (E.isLeft(keys)) throw new Found('key', 'keys.jsonl', `is not intact: ${keys.left}`)
  if (!keys.right.some(({ keyId }) => keyId === given)) {
    throw new Found(
      'key',
      'keys.jsonl',
      `does not hold the given public key ${given.slice(0, 16)}: this is not its trail, or not its key`,
    )
  }
  return keys.right
}

/** Refuses a document that the key of its time did not sign. @param time when it was made. */
export const assertSigned = <B>(
  keys: ReadonlyArray<KnownKey>,
  document: Signed<B>,
  time: string,
  kind: FindingKind,
  where: string,
): void => {
  const key = keyAt(keys, time)
  if (key === undefined) throw new Found(kind, where, `was made at ${time}, before the first key was valid`)
  if (isSignedBy(document, key.keyId, key.key)) return
  const other = keys.find(({ keyId, key: known }) => isSignedBy(document, keyId, known))
  throw new Found(
    kind,
    where,
    other
      ? `is signed by key ${other.keyId.slice(0, 16)}, which was not valid at ${time}`
      : `is not signed by key ${key.keyId.slice(0, 16)}, which was valid at ${time}`,
  )
}
