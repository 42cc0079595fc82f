import * as t from 'io-ts'
import { strict } from '../../schemas/strict.ts'
import type { Documents } from '../objects/documents.ts'
import { CorruptTrail } from './corrupt-trail.ts'
import { keyEntry, SignedKey } from './key-history.ts'
import type { Signer } from './signer.ts'

/** Where the history lies in object storage. */
const HISTORY_KEY = 'audit/keys.json'
const History = strict({ keys: t.readonlyArray(SignedKey) })

/** What is just being signed when a key is rotated is signed by the key before. */
const OVERLAP_MS = 5_000

export type TrailKeys = {
  /** All entries of the history, in order. */
  readonly history: () => Promise<ReadonlyArray<SignedKey>>
  /** The key that signs now; made when there is none yet. */
  readonly signer: () => Promise<Signer>
  /** Makes another key the one that signs, five seconds from now. The old one's signatures stay good. */
  readonly rotate: () => Promise<SignedKey>
}

/** Who holds the private keys. */
export type KeyHolder = {
  /** A key that is to sign from now on. */
  readonly next: () => Promise<Signer>
  /** The key of this id; rejects with `CorruptTrail` where it is gone. */
  readonly signerFor: (keyId: string) => Promise<Signer>
  /** Told of an entry that was added to the history. */
  readonly onAdded?: (entry: SignedKey) => Promise<void>
}

/** The trail's keys, whose history stands in object storage. */
export const trailKeys = (
  { next, signerFor, onAdded = async () => {} }: KeyHolder,
  documents: Documents,
  clock: () => Date,
): TrailKeys => {
  const history = async (): Promise<ReadonlyArray<SignedKey>> =>
    (await documents.find(HISTORY_KEY, History))?.keys ?? []
  /** Adds a key to the history as `seen`; null when others have changed it meanwhile. */
  const add = async (seen: ReadonlyArray<SignedKey>): Promise<SignedKey | null> => {
    const signer = await next()
    const last = seen.at(-1)
    const previous = last && { entry: last, signer: await signerFor(last.body.keyId) }
    const validFrom = last
      ? Math.max(clock().getTime() + OVERLAP_MS, Date.parse(last.body.validFrom) + 1)
      : clock().getTime()
    const entry = await keyEntry(signer, new Date(validFrom), previous)
    let added = false
    await documents.change(HISTORY_KEY, History, async (found) => {
      added = (found?.keys.length ?? 0) === seen.length
      return added ? { keys: [...seen, entry] } : null
    })
    if (!added) return null
    await onAdded(entry)
    return entry
  }
  return {
    history,
    signer: async () => {
      const seen = await history()
      if (seen.length === 0) await add(seen)
      const now = clock().toISOString()
      const valid = (await history()).findLast(({ body }) => body.validFrom <= now)
      if (valid === undefined)
        throw new CorruptTrail(`no key of the trail is valid yet at ${now}: is this clock right?`)
      return signerFor(valid.body.keyId)
    },
    rotate: async () => {
      const entry = await add(await history())
      if (entry === null)
        throw new CorruptTrail('somebody else rotated the key just now: look at the history before you try again')
      return entry
    },
  }
}
