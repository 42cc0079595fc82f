import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { createLocalJWKSet, type JWTPayload, type JWTVerifyGetKey, jwtVerify, SignJWT } from 'jose'
import type { Caller } from '../../schemas/endpoint.ts'
import { Role } from '../../schemas/role.ts'
import { Tenant, text } from '../../schemas/text.ts'
import { ALGORITHM, type IssuerKeys } from './keys.ts'

export const ISSUER = 'urn:daybook:embedded'
export const AUDIENCE = 'daybook'

type Claims = Caller & { readonly ttlSeconds: number }

/** Signs a bearer token of the embedded issuer. */
export const issueToken = (
  keys: IssuerKeys,
  { tenant, subject, roles, client, ttlSeconds }: Claims,
  now: Date,
): Promise<string> => {
  const seconds = Math.floor(now.getTime() / 1000)
  return new SignJWT({ tenant, roles: [...roles], ...(client !== undefined && { client_id: client }) })
    .setProtectedHeader({ alg: ALGORITHM, kid: keys.keyId })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject(subject)
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + ttlSeconds)
    .sign(keys.privateKey)
}

const ClientClaim = t.union([t.undefined, text(1, 200)])
const Names = t.union([t.undefined, t.readonlyArray(t.string)])

/**
 * Roles that this system does not know grant nothing, so they are dropped. The client stands in `client_id` (RFC 9068 section 2.2) or
 * in `azp` (OpenID Connect Core section 2); Cognito's groups are roles.
 */
const KnownClaims = t.strict({
  sub: text(1, 200),
  tenant: Tenant,
  roles: Names,
  'cognito:groups': Names,
  exp: t.number,
  client_id: ClientClaim,
  azp: ClientClaim,
})

/** Who sent this token, or why it is not accepted. Rejects when nobody can tell, because the issuer's keys are away. */
export type Authenticate = (token: string) => Promise<E.Either<string, Caller>>

/** Whose tokens are accepted. */
export type Issuer = {
  /** Claim `iss`. */
  readonly issuer: string
  /** JWS algorithm of its signatures. */
  readonly algorithm: string
  /** Claim `aud`, where its tokens have one. */
  readonly audience?: string
  /** What else is wrong with a token's claims; undefined: nothing. */
  readonly objection?: (claims: JWTPayload) => string | undefined
}

/** The issuer's keys are where nobody can be reached, so that no token can be verified. */
export class KeysAway extends Error {
  override readonly name = 'KeysAway'
}

/** Verified tokens kept, so that a busy client costs one signature check and not one a request. */
const REMEMBERED = 10_000

type Verified = { readonly caller: Caller; readonly expires: number }

const verified = async (
  token: string,
  key: JWTVerifyGetKey,
  { issuer, algorithm, audience, objection }: Issuer,
  now: Date,
): Promise<E.Either<string, Verified>> => {
  const { payload } = await jwtVerify(token, key, {
    issuer,
    algorithms: [algorithm],
    currentDate: now,
    ...(audience !== undefined && { audience }),
  })
  const objected = objection?.(payload)
  if (objected !== undefined) return E.left(objected)
  const claims = KnownClaims.decode(payload)
  const roles = E.isRight(claims) ? (claims.right.roles ?? claims.right['cognito:groups']) : undefined
  if (E.isLeft(claims) || roles === undefined)
    return E.left('its claims lack sub, tenant, roles or exp, or client_id or azp is no name')
  const { sub: subject, tenant, exp, client_id, azp } = claims.right
  return E.right({ caller: { tenant, subject, roles: roles.filter(Role.is), client: client_id ?? azp }, expires: exp })
}

/** Verifies signature, issuer, audience and expiry; a verified token is remembered until it expires. */
export const authenticator = (key: JWTVerifyGetKey, issuer: Issuer, clock: () => Date): Authenticate => {
  const remembered = new Map<string, Verified>()
  const remember = (token: string, found: Verified): void => {
    const oldest = remembered.size >= REMEMBERED ? remembered.keys().next().value : undefined
    if (oldest !== undefined) remembered.delete(oldest)
    remembered.set(token, found)
  }
  return async (token) => {
    const now = clock()
    const known = remembered.get(token)
    if (known !== undefined && known.expires > now.getTime() / 1000) return E.right(known.caller)
    try {
      const found = await verified(token, key, issuer, now)
      if (E.isLeft(found)) return found
      remember(token, found.right)
      return E.right(found.right.caller)
    } catch (error) {
      if (error instanceof KeysAway) throw error
      return E.left(error instanceof Error ? error.message : 'it does not verify')
    }
  }
}

export const embeddedAuthenticator = (keys: IssuerKeys, clock: () => Date): Authenticate =>
  authenticator(createLocalJWKSet(keys.jwks), { issuer: ISSUER, algorithm: ALGORITHM, audience: AUDIENCE }, clock)
