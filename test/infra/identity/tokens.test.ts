import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { SignJWT } from 'jose'
import { afterAll, expect, test } from 'vitest'
import { loadKeys, loadOrCreateKeys } from '../../../infra/identity/keys.ts'
import { embeddedAuthenticator, issueToken } from '../../../infra/identity/tokens.ts'

const dir = await mkdtemp(join(tmpdir(), 'daybook-keys-'))
afterAll(() => rm(dir, { recursive: true }))
const keys = await loadOrCreateKeys(dir)
const at = (time: string) => () => new Date(time)
const now = at('2026-03-01T12:00:00Z')
const claims = { tenant: 'acme', subject: 'ann', roles: ['sales', 'auditor'] as const, ttlSeconds: 60 }

test('a token that was issued tells its caller', async () => {
  const token = await issueToken(keys, claims, now())
  expect(await embeddedAuthenticator(keys, now)(token)).toEqual(
    E.right({ tenant: 'acme', subject: 'ann', roles: ['sales', 'auditor'] }),
  )
})

const signedWith = (client: { readonly [claim: string]: unknown }) =>
  new SignJWT({ tenant: 'acme', roles: ['sales'], ...client })
    .setProtectedHeader({ alg: 'ES256' })
    .setIssuer('urn:daybook:embedded')
    .setAudience('daybook')
    .setSubject('ann')
    .setExpirationTime(Math.floor(now().getTime() / 1000) + 60)
    .sign(keys.privateKey)

test('a token that was given to a client tells which', async () => {
  const authenticate = embeddedAuthenticator(keys, now)
  const issued = await issueToken(keys, { ...claims, client: 'back office' }, now())
  expect(await authenticate(issued)).toMatchObject({ right: { subject: 'ann', client: 'back office' } })
  const clientOf = async (found: { readonly [claim: string]: unknown }) => authenticate(await signedWith(found))
  expect(await clientOf({ azp: 'console' })).toMatchObject({ right: { client: 'console' } })
  expect(await clientOf({ client_id: 'till', azp: 'console' })).toMatchObject({ right: { client: 'till' } })
  for (const client of ['', 7, null, 'x'.repeat(201)]) {
    expect(E.isLeft(await clientOf({ client_id: client }))).toBe(true)
    expect(E.isLeft(await clientOf({ azp: client }))).toBe(true)
  }
})

test('keys survive a restart, and only their owner reads them', async () => {
  expect((await loadKeys(dir))?.keyId).toBe(keys.keyId)
  expect((await stat(join(dir, 'keys', 'issuer.jwk.json'))).mode & 0o777).toBe(0o600)
  expect(await loadKeys(join(dir, 'nowhere'))).toBeNull()
})

test('a token ends when its time is over, also one that was verified before', async () => {
  const token = await issueToken(keys, claims, now())
  let time = now()
  const authenticate = embeddedAuthenticator(keys, () => time)
  expect(E.isRight(await authenticate(token))).toBe(true)
  time = new Date(now().getTime() + 61_000)
  expect(E.isLeft(await authenticate(token))).toBe(true)
})

test('tokens of another key, another audience, without a tenant, or tampered with are refused', async () => {
  const authenticate = embeddedAuthenticator(keys, now)
  const other = await loadOrCreateKeys(join(dir, 'other'))
  expect(E.isLeft(await authenticate(await issueToken(other, claims, now())))).toBe(true)
  const signed = (jwt: SignJWT) =>
    jwt.setProtectedHeader({ alg: 'ES256' }).setIssuer('urn:daybook:embedded').setSubject('x').setExpirationTime('1h')
  expect(
    E.isLeft(
      await authenticate(
        await signed(new SignJWT({ tenant: 'acme', roles: [] }))
          .setAudience('else')
          .sign(keys.privateKey),
      ),
    ),
  ).toBe(true)
  expect(
    E.isLeft(
      await authenticate(
        await signed(new SignJWT({ roles: [] }))
          .setAudience('daybook')
          .sign(keys.privateKey),
      ),
    ),
  ).toBe(true)
  const [header, , signature] = (await issueToken(keys, claims, now())).split('.')
  const forged = Buffer.from(JSON.stringify({ ...claims, tenant: 'other', sub: 'x', exp: 9e9 })).toString('base64url')
  expect(E.isLeft(await authenticate(`${header}.${forged}.${signature}`))).toBe(true)
  expect(E.isLeft(await authenticate('nonsense'))).toBe(true)
})

test('roles that nobody knows grant nothing', async () => {
  const token = await new SignJWT({ tenant: 'acme', roles: ['emperor', 'buyer'] })
    .setProtectedHeader({ alg: 'ES256' })
    .setIssuer('urn:daybook:embedded')
    .setAudience('daybook')
    .setSubject('x')
    .setExpirationTime(Math.floor(now().getTime() / 1000) + 60)
    .sign(keys.privateKey)
  expect(await embeddedAuthenticator(keys, now)(token)).toMatchObject(E.right({ roles: ['buyer'] }))
})
