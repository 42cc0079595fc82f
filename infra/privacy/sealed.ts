import { createCipheriv, createDecipheriv, hash, type KeyObject, randomBytes } from 'node:crypto'

/** Where a sealed text belongs: set anywhere else, it does not open. */
export type Place = { readonly tenant: string; readonly eventType: string; readonly field: string }

/** AES-256-GCM (NIST SP 800-38D): a random iv of 96 bits, a tag of 128. */
const ALGORITHM = 'aes-256-gcm'
const IV_BYTES = 12
const TAG_BYTES = 16

const PREFIX = 'pii1:'

const contextOf = ({ tenant, eventType, field }: Place): Buffer => Buffer.from(`${tenant}\0${eventType}\0${field}`)

/**
 * `pii1:<key id>:<base64url of iv, ciphertext, tag>`. No id can look like it, for none holds a ':'; and whoever forgets to open it
 * finds that it does not decode, and does not show it.
 */
export const sealed = (keyId: string, key: KeyObject, place: Place, text: string): string => {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv(ALGORITHM, key, iv).setAAD(contextOf(place))
  const bytes = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return `${PREFIX}${keyId}:${bytes.toString('base64url')}`
}

/** The id of the key under which this is sealed; undefined when it is not. */
export const keyIdOf = (value: unknown): string | undefined => {
  if (typeof value !== 'string' || !value.startsWith(PREFIX)) return undefined
  const end = value.indexOf(':', PREFIX.length)
  return end < 0 ? undefined : value.slice(PREFIX.length, end)
}

/** The text; undefined when this was sealed for another place, or is not what was sealed. */
export const opened = (key: KeyObject, place: Place, value: string): string | undefined => {
  const bytes = Buffer.from(value.slice(value.lastIndexOf(':') + 1), 'base64url')
  if (bytes.byteLength < IV_BYTES + TAG_BYTES) return undefined
  const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
  decipher.setAAD(contextOf(place)).setAuthTag(bytes.subarray(-TAG_BYTES))
  const text = decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES), undefined, 'utf8')
  try {
    return text + decipher.final('utf8')
  } catch {
    return undefined
  }
}

/** What stands for all data of a person whose key is destroyed. */
export const pseudonymOf = (keyId: string): string => `erased-${hash('sha256', keyId).slice(0, 16)}`
