import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { createLocalJWKSet, type JWTVerifyGetKey, jwtVerify, SignJWT } from 'jose'
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

/**
 * Roles that this system does not know grant nothing, so they are dropped. The client stands in `client_id` (RFC 9068 section 2.2) or
 * in `azp` (OpenID Connect Core section 2).
 */
const KnownClaims = t.strict({
  sub: text(1, 200),
  tenant: Tenant,
  roles: t.readonlyArray(t.string),
  exp: t.number,
  client_id: ClientClaim,
  azp: ClientClaim,
})

/** Who sent this token, or why it is not accepted. */
export type Authenticate = (token: string) => Promise<E.Either<string, Caller>>

/** Verified tokens kept, so that a busy client costs one signature check and not one a request. */
const REMEMBERED = 10_000

/** Verifies signature, issuer, audience and expiry; a verified token is remembered until it expires. */
export const authenticator = (key: JWTVerifyGetKey, clock: () => Date): Authenticate => {
  const remembered = new Map<string, { readonly caller: Caller; readonly expires: number }>()
  const remember = (token: string, caller: Caller, expires: number): void => {
    const oldest = remembered.size >= REMEMBERED ? remembered.keys().next().value : undefined
    if (oldest !== undefined) remembered.delete(oldest)
    remembered.set(token, { caller, expires })
  }
  return async (token) => {
    const now = clock()
    const known = remembered.get(token)
    if (known !== undefined && known.expires > now.getTime() / 1000) return E.right(known.caller)
    try {
      const { payload } = await jwtVerify(token, key, {
        issuer: ISSUER,
        audience: AUDIENCE,
        algorithms: [ALGORITHM],
        currentDate: now,
      })
      const claims = KnownClaims.decode(payload)
      if (E.isLeft(claims)) return E.left('its claims lack sub, tenant, roles or exp, or client_id or azp is no name')
      const { sub: subject, tenant, roles, exp, client_id, azp } = claims.right
      const caller = { tenant, subject, roles: roles.filter(Role.is), client: client_id ?? azp }
      remember(token, caller, exp)
      return E.right(caller)
    } catch (error) {
      return E.left(error instanceof Error ? error.message : 'it does not verify')
    }
  }
}

export const embeddedAuthenticator = (keys: IssuerKeys, clock: () => Date): Authenticate =>
  authenticator(createLocalJWKSet(keys.jwks), clock)
