import { mkdir, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JSONWebKeySet, type JWK } from 'jose'

/** JWS algorithm of the embedded issuer: ECDSA on P-256 (RFC 7518 section 3.4). */
export const ALGORITHM = 'ES256'

export type IssuerKeys = {
  readonly keyId: string
  readonly privateKey: Awaited<ReturnType<typeof importJWK>>
  /** The public half, as a JWK Set (RFC 7517). */
  readonly jwks: JSONWebKeySet
}

const keyFile = (dataDir: string): string => join(dataDir, 'keys', 'issuer.jwk.json')

const keysOf = async (jwk: JWK): Promise<IssuerKeys> => {
  const { kty, crv, x, y } = jwk
  const keyId = await calculateJwkThumbprint(jwk)
  const publicJwk = { kty, crv, x, y, kid: keyId, alg: ALGORITHM, use: 'sig' } as JWK
  return { keyId, privateKey: await importJWK(jwk, ALGORITHM), jwks: { keys: [publicJwk] } }
}

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT'

/** The issuer's keys under this data directory, or `null` when it never ran there. */
export const loadKeys = async (dataDir: string): Promise<IssuerKeys | null> => {
  try {
    const jwk: JWK = JSON.parse(await readFile(keyFile(dataDir), 'utf8'))
    return await keysOf(jwk)
  } catch (error) {
    if (isMissing(error)) return null
    throw new Error(`the issuer's key in ${keyFile(dataDir)} cannot be read`, { cause: error })
  }
}

/** Loads the keys, or makes them (the file is readable by its owner alone). */
export const loadOrCreateKeys = async (dataDir: string): Promise<IssuerKeys> => {
  const existing = await loadKeys(dataDir)
  if (existing !== null) return existing
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true })
  const jwk = await exportJWK(privateKey)
  await mkdir(join(dataDir, 'keys'), { recursive: true, mode: 0o700 })
  const file = await open(keyFile(dataDir), 'wx', 0o600)
  try {
    await file.writeFile(JSON.stringify(jwk))
    await file.sync()
  } finally {
    await file.close()
  }
  return keysOf(jwk)
}
