import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, randomUUID } from 'node:crypto'
import { link, mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { MasterKey } from './port.ts'

const KEY_BYTES = 32
const IV_BYTES = 12
const TAG_BYTES = 16

/** A key for one purpose alone (HKDF, RFC 5869). */
const derived = (secret: Uint8Array, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, '', `daybook ${purpose}`, KEY_BYTES))

/** @param secret 32 random bytes. */
export const masterKeyOf = (secret: Uint8Array): MasterKey => {
  const wrapping = derived(secret, 'wraps data keys')
  const naming = derived(secret, 'names subjects')
  return {
    wrap: async (keyId, key) => {
      const iv = randomBytes(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', wrapping, iv).setAAD(Buffer.from(keyId))
      return Buffer.concat([iv, cipher.update(key), cipher.final(), cipher.getAuthTag()])
    },
    unwrap: async (keyId, wrapped) => {
      const iv = wrapped.subarray(0, IV_BYTES)
      const decipher = createDecipheriv('aes-256-gcm', wrapping, iv, { authTagLength: TAG_BYTES })
      decipher.setAAD(Buffer.from(keyId)).setAuthTag(wrapped.subarray(-TAG_BYTES))
      return Buffer.concat([decipher.update(wrapped.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()])
    },
    mac: async (text) => createHmac('sha256', naming).update(text).digest('base64url'),
  }
}

const isThere = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EEXIST'

/** Several processes may come first at the same time: the file appears whole, and once. */
const createIn = async (file: string): Promise<void> => {
  const draft = `${file}.${randomUUID()}`
  const handle = await open(draft, 'wx', 0o600)
  try {
    await handle.writeFile(randomBytes(KEY_BYTES).toString('hex'))
    await handle.sync()
  } finally {
    await handle.close()
  }
  await link(draft, file).catch((error: unknown) => {
    if (!isThere(error)) throw error
  })
  await rm(draft)
}

/** The master key in the data directory, made at its first use, readable by its owner alone. Without it no data key opens. */
export const masterKeyIn = async (dataDir: string): Promise<MasterKey> => {
  const directory = join(dataDir, 'keys')
  const file = join(directory, 'master.key')
  const read = () => readFile(file, 'utf8').catch(() => undefined)
  if ((await read()) === undefined) {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    await createIn(file)
  }
  const text = await read()
  if (!/^[0-9a-f]{64}$/.test(text ?? '')) throw new Error(`${file} is not readable, or is no master key`)
  return masterKeyOf(Buffer.from(text ?? '', 'hex'))
}
