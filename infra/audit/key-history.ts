import type { KeyObject } from 'node:crypto'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { strict } from '../../schemas/strict.ts'
import { NO_HASH } from '../event-store/position.ts'
import { bytesOfBase64, Count, documentHash, isSignedBy, SignedDocument, signed } from './signed.ts'
import { keyIdOf, publicKeyOf, type Signer } from './signer.ts'

const Key = strict({
  format: t.literal('daybook.key.1'),
  sequence: Count,
  keyId: t.string,
  /** SubjectPublicKeyInfo, DER in base64. */
  publicKey: t.string,
  validFrom: t.string,
  previousKey: t.string,
})

/** A key of the trail, and since when it is the one that signs. Signed by itself and by the key before it (docs/audit.md). */
export const SignedKey = SignedDocument(Key)
export type SignedKey = t.TypeOf<typeof SignedKey>

/** The entry that makes `signer` the key that signs. @param previous the entry before, and the signer of its key; none at first. */
export const keyEntry = (
  signer: Signer,
  validFrom: Date,
  previous: { readonly entry: SignedKey; readonly signer: Signer } | undefined,
): Promise<SignedKey> =>
  signed(
    {
      format: 'daybook.key.1' as const,
      sequence: (previous?.entry.body.sequence ?? 0) + 1,
      keyId: signer.keyId,
      publicKey: Buffer.from(signer.publicKey).toString('base64'),
      validFrom: validFrom.toISOString(),
      previousKey: previous === undefined ? NO_HASH : documentHash(previous.entry.body),
    },
    previous === undefined ? [signer] : [signer, previous.signer],
  )

/** A key with the time in which it signs: from `from`, inclusive, to `to`, exclusive. */
export type KnownKey = { readonly keyId: string; readonly key: KeyObject; readonly from: string; readonly to: string }

/** Behind every time of RFC 3339 with four digits a year. */
const NEVER = '~'

/** The keys of a history, in order; or what is wrong with it. */
export const knownKeys = (history: ReadonlyArray<SignedKey>): E.Either<string, ReadonlyArray<KnownKey>> => {
  const known: KnownKey[] = []
  let before: SignedKey | undefined
  for (const [index, entry] of history.entries()) {
    const { sequence, keyId, publicKey, validFrom, previousKey } = entry.body
    const spki = bytesOfBase64(publicKey)
    const key = spki && publicKeyOf(spki)
    const name = `key ${index + 1} of the history`
    if (sequence !== index + 1) return E.left(`${name} calls itself number ${sequence}`)
    if (spki === undefined || key === undefined || keyIdOf(spki) !== keyId)
      return E.left(`${name} is no P-256 key with the id that it names`)
    if (previousKey !== (before ? documentHash(before.body) : NO_HASH))
      return E.left(`${name} does not follow the one before it`)
    if (before && validFrom <= before.body.validFrom) return E.left(`${name} is not valid later than the one before it`)
    if (!isSignedBy(entry, keyId, key)) return E.left(`${name} is not signed by itself`)
    const last = known.at(-1)
    if (last && !isSignedBy(entry, last.keyId, last.key)) return E.left(`${name} is not signed by the one before it`)
    if (last) known[known.length - 1] = { ...last, to: validFrom }
    known.push({ keyId, key, from: validFrom, to: NEVER })
    before = entry
  }
  return known.length === 0 ? E.left('the history has no keys') : E.right(known)
}

/** The key that signs at this time (RFC 3339, UTC, milliseconds). */
export const keyAt = (keys: ReadonlyArray<KnownKey>, time: string): KnownKey | undefined =>
  keys.find(({ from, to }) => from <= time && time < to)
