import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as t from 'io-ts'
import { strict } from '../../schemas/strict.ts'
import type { Documents } from '../objects/documents.ts'
import { CorruptTrail } from './corrupt-trail.ts'
import { keyEntry, SignedKey } from './key-history.ts'
import { type Signer, signerOf } from './signer.ts'

/** Where the history lies in object storage. */
const HISTORY_KEY = 'audit/keys.json'
const History = strict({ keys: t.readonlyArray(SignedKey) })

const keyFile = (dataDir: string, keyId: string): string => join(dataDir, 'keys', `audit-${keyId.slice(0, 16)}.pem`)

/** What an auditor is given. */
export const publicKeyFile = (dataDir: string): string => join(dataDir, 'keys', 'audit-public.pem')

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

const madeKey = async (dataDir: string): Promise<Signer> => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const signer = signerOf(privateKey)
  await mkdir(join(dataDir, 'keys'), { recursive: true, mode: 0o700 })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' })
  await writeFile(keyFile(dataDir, signer.keyId), pem, { mode: 0o600, flag: 'wx', flush: true })
  return signer
}

const privateKeyIn = async (file: string): Promise<KeyObject> => {
  try {
    return createPrivateKey(await readFile(file, 'utf8'))
  } catch (cause) {
    throw new CorruptTrail(
      `the trail's key cannot be read from ${file}: put it back, digests cannot be signed without it`,
      {
        cause,
      },
    )
  }
}

const pemOf = (publicKey: string): string =>
  `-----BEGIN PUBLIC KEY-----\n${publicKey.replaceAll(/(.{64})(?=.)/g, '$1\n')}\n-----END PUBLIC KEY-----\n`

/** Keys as files of a laptop's data directory, readable by their owner alone; their history stands in object storage. */
export const fileKeys = (dataDir: string, documents: Documents, clock: () => Date): TrailKeys => {
  const history = async (): Promise<ReadonlyArray<SignedKey>> =>
    (await documents.find(HISTORY_KEY, History))?.keys ?? []
  const loaded = new Map<string, Signer>()
  const signerFor = async (keyId: string): Promise<Signer> => {
    const signer = loaded.get(keyId) ?? signerOf(await privateKeyIn(keyFile(dataDir, keyId)))
    loaded.set(keyId, signer)
    return signer
  }
  /** Adds a key to the history as `seen`; null when others have changed it meanwhile. */
  const add = async (seen: ReadonlyArray<SignedKey>): Promise<SignedKey | null> => {
    const made = await madeKey(dataDir)
    const last = seen.at(-1)
    const previous = last && { entry: last, signer: await signerFor(last.body.keyId) }
    const validFrom = last
      ? Math.max(clock().getTime() + OVERLAP_MS, Date.parse(last.body.validFrom) + 1)
      : clock().getTime()
    const entry = await keyEntry(made, new Date(validFrom), previous)
    let added = false
    await documents.change(HISTORY_KEY, History, async (found) => {
      added = (found?.keys.length ?? 0) === seen.length
      return added ? { keys: [...seen, entry] } : null
    })
    if (!added) return null
    await writeFile(publicKeyFile(dataDir), pemOf(entry.body.publicKey), { mode: 0o644 })
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
