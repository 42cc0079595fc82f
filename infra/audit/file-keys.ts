import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Documents } from '../objects/documents.ts'
import { CorruptTrail } from './corrupt-trail.ts'
import { type Signer, signerOf } from './signer.ts'
import { type TrailKeys, trailKeys } from './trail-keys.ts'

const keyFile = (dataDir: string, keyId: string): string => join(dataDir, 'keys', `audit-${keyId.slice(0, 16)}.pem`)

/** What an auditor is given. */
export const publicKeyFile = (dataDir: string): string => join(dataDir, 'keys', 'audit-public.pem')

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

export const pemOf = (publicKey: string): string =>
  `-----BEGIN PUBLIC KEY-----\n${publicKey.replaceAll(/(.{64})(?=.)/g, '$1\n')}\n-----END PUBLIC KEY-----\n`

/** Keys as files of a laptop's data directory, readable by their owner alone. */
export const fileKeys = (dataDir: string, documents: Documents, clock: () => Date): TrailKeys => {
  const loaded = new Map<string, Signer>()
  return trailKeys(
    {
      next: () => madeKey(dataDir),
      signerFor: async (keyId) => {
        const signer = loaded.get(keyId) ?? signerOf(await privateKeyIn(keyFile(dataDir, keyId)))
        loaded.set(keyId, signer)
        return signer
      },
      onAdded: ({ body }) => writeFile(publicKeyFile(dataDir), pemOf(body.publicKey), { mode: 0o644 }),
    },
    documents,
    clock,
  )
}
