import { cognitoAuthenticator } from '../../identity/cognito.ts'
import type { Authenticate } from '../../identity/tokens.ts'
import type { Told } from '../environment.ts'

export const authenticatorOf = ({
  DAYBOOK_ISSUER: issuer,
  DAYBOOK_JWKS_URL: jwksUrl,
  DAYBOOK_CLIENT_IDS: clients,
}: Told<'DAYBOOK_ISSUER' | 'DAYBOOK_JWKS_URL' | 'DAYBOOK_CLIENT_IDS'>): Authenticate =>
  cognitoAuthenticator({ issuer, jwksUrl, clients: clients.split(',') }, () => new Date())
