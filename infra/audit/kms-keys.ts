import type { KMSClient } from '@aws-sdk/client-kms'
import type { Documents } from '../objects/documents.ts'
import { once } from '../once.ts'
import { CorruptTrail } from './corrupt-trail.ts'
import { kmsSigner } from './kms-signer.ts'
import type { Signer } from './signer.ts'
import { type TrailKeys, trailKeys } from './trail-keys.ts'

/**
 * The trail's keys in KMS, oldest first. The last one signs; where the history ends with another, the next signature is preceded by
 * the rotation, which takes both: a new key is therefore added behind the old ones, and no old one is ever taken away.
 */
export const kmsKeys = (
  client: KMSClient,
  keys: ReadonlyArray<string>,
  documents: Documents,
  clock: () => Date,
): TrailKeys => {
  const signers = once(() => Promise.all(keys.map((key) => kmsSigner(client, key))))
  const next = async (): Promise<Signer> => {
    const newest = (await signers()).at(-1)
    if (newest === undefined) throw new CorruptTrail('there is no key to sign the trail with')
    return newest
  }
  const signerFor = async (keyId: string): Promise<Signer> => {
    const signer = (await signers()).find((each) => each.keyId === keyId)
    if (signer === undefined)
      throw new CorruptTrail(`the trail was signed by key ${keyId}, which is none of ${keys.join(', ')}: name it, too`)
    return signer
  }
  const trail = trailKeys({ next, signerFor }, documents, clock)
  const rotateIfNew = async (): Promise<void> => {
    const last = (await trail.history()).at(-1)
    if (last !== undefined && last.body.keyId !== (await next()).keyId) await trail.rotate()
  }
  return {
    ...trail,
    signer: async () => {
      await rotateIfNew()
      return trail.signer()
    },
  }
}
