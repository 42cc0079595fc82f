import * as E from 'fp-ts/lib/Either.js'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { faultProblem } from '../../../infra/http/fault-problem.ts'
import { cognitoAuthenticator } from '../../../infra/identity/cognito.ts'
import { KeysAway } from '../../../infra/identity/tokens.ts'
import { type StandIn, standIn } from '../../aws/stand-in.ts'

const ISSUER = 'https://cognito-idp.eu-west-2.amazonaws.com/eu-west-2_pool'
const clock = () => new Date('2026-03-01T12:00:00Z')
const seconds = Math.floor(clock().getTime() / 1000)
const pair = await generateKeyPair('RS256', { extractable: true })
const CLAIMS = {
  sub: 'ann',
  tenant: 'acme',
  roles: ['sales'],
  token_use: 'access',
  client_id: 'console',
  iss: ISSUER,
  exp: seconds + 60,
}

const signed = (changes: { readonly [claim: string]: unknown } = {}, key = pair.privateKey, alg = 'RS256') =>
  new SignJWT({ ...CLAIMS, ...changes }).setProtectedHeader({ alg, kid: 'one' }).sign(key)

let keys: StandIn
beforeAll(async () => {
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }
  keys = await standIn(() => ({
    status: 200,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ keys: [jwk] }),
  }))
})
afterAll(() => keys.stop())

const accepting = (jwksUrl = keys.url) =>
  cognitoAuthenticator({ issuer: ISSUER, jwksUrl, clients: ['console', 'till'] }, clock)

describe('an access token of a user pool', () => {
  test('tells its caller', async () => {
    expect(await accepting()(await signed())).toEqual(
      E.right({ tenant: 'acme', subject: 'ann', roles: ['sales'], client: 'console' }),
    )
  })

  test('has its groups as roles where nothing else says which', async () => {
    const token = await signed({ roles: undefined, 'cognito:groups': ['auditor', 'emperor'] })
    expect(await accepting()(token)).toMatchObject(E.right({ roles: ['auditor'] }))
  })

  test.each([
    ['of an unknown client', { client_id: 'stranger' }],
    ['of no client', { client_id: undefined }],
    ['that is an id token', { token_use: 'id' }],
    ['of another pool', { iss: `${ISSUER}2` }],
    ['that is over', { exp: seconds - 1 }],
    ['that never ends', { exp: undefined }],
    ['without a tenant', { tenant: undefined }],
    ['of a tenant that none can be', { tenant: 'Acme#1' }],
    ['without roles and groups', { roles: undefined }],
  ])('%s is refused', async (_, changes) => {
    expect(E.isLeft(await accepting()(await signed(changes)))).toBe(true)
  })

  test('of another key, or signed otherwise, is refused', async () => {
    const other = await generateKeyPair('RS256')
    expect(E.isLeft(await accepting()(await signed({}, other.privateKey)))).toBe(true)
    const elliptic = await generateKeyPair('ES256')
    expect(E.isLeft(await accepting()(await signed({}, elliptic.privateKey, 'ES256')))).toBe(true)
    const [header, payload] = (await signed()).split('.')
    expect(E.isLeft(await accepting()(`${header}.${payload}.`))).toBe(true)
    const unsigned = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url')
    expect(E.isLeft(await accepting()(`${unsigned}.${payload}.`))).toBe(true)
  })

  test('is neither accepted nor called wrong while the keys cannot be had', async () => {
    const broken = await standIn(() => ({ status: 500 }))
    const nonsense = await standIn(() => ({ status: 200, body: 'no keys' }))
    for (const url of ['http://127.0.0.1:1/keys', broken.url, nonsense.url]) {
      const fault = await accepting(url)(await signed()).catch((error: unknown) => error)
      expect(fault).toBeInstanceOf(KeysAway)
      expect(faultProblem(fault)).toMatchObject({ status: 503, code: 'unavailable' })
    }
    await Promise.all([broken.stop(), nonsense.stop()])
  })
})
