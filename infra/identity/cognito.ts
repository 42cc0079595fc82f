import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey } from 'jose'
import { type Authenticate, authenticator, KeysAway } from './tokens.ts'

export type CognitoPool = {
  /** `iss` of its tokens. */
  readonly issuer: string
  /** Where its keys are (a JWK Set, RFC 7517). */
  readonly jwksUrl: string
  /** App clients whose tokens are accepted. */
  readonly clients: ReadonlyArray<string>
}

/** Milliseconds that a request for the keys may take. A key that is not known is asked for, every 30 seconds at most. */
const KEYS_WITHIN = 3_000

/** Keys that cannot be had are no fault of the token. */
const remoteKeys = (jwksUrl: string): JWTVerifyGetKey => {
  const keys = createRemoteJWKSet(new URL(jwksUrl), { timeoutDuration: KEYS_WITHIN, cooldownDuration: 30_000 })
  return async (...of) => {
    try {
      return await keys(...of)
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JOSENotSupported) throw error
      throw new KeysAway(`no keys at ${jwksUrl}`, { cause: error })
    }
  }
}

/** Access tokens have no audience; an id token has one, and is none that opens an API. */
const objectionOf =
  (clients: ReadonlyArray<string>) =>
  ({ token_use: use, client_id: client }: JWTPayload): string | undefined => {
    if (use !== 'access') return 'it is no access token'
    return typeof client === 'string' && clients.includes(client)
      ? undefined
      : 'it was given to a client that is not known'
  }

/** Accepts the access tokens of a Cognito user pool (RS256) that were given to these clients. */
export const cognitoAuthenticator = (
  { issuer, jwksUrl, clients }: CognitoPool,
  clock: () => Date,
  keys: JWTVerifyGetKey = remoteKeys(jwksUrl),
): Authenticate => authenticator(keys, { issuer, algorithm: 'RS256', objection: objectionOf(clients) }, clock)
