import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminInitiateAuthCommand,
  AdminSetUserPasswordCommand,
  type CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider'

export type UserPool = { readonly userPoolId: string; readonly clientId: string }

export type User = {
  readonly name: string
  readonly tenant: string
  readonly roles: ReadonlyArray<string>
}

const PASSWORD = 'For-this-run-0nly-and-no-0ther!'

/** Makes a user of a tenant in the pool, and signs in; answers the access token. */
export const signIn = async (
  client: CognitoIdentityProviderClient,
  { userPoolId: UserPoolId, clientId: ClientId }: UserPool,
  { name, tenant, roles }: User,
): Promise<string> => {
  const who = { UserPoolId, Username: name }
  const UserAttributes = [
    { Name: 'email', Value: name },
    { Name: 'email_verified', Value: 'true' },
    { Name: 'custom:tenant', Value: tenant },
  ]
  await client.send(
    new AdminCreateUserCommand({ ...who, UserAttributes, TemporaryPassword: PASSWORD, MessageAction: 'SUPPRESS' }),
  )
  await client.send(new AdminSetUserPasswordCommand({ ...who, Password: PASSWORD, Permanent: true }))
  for (const GroupName of roles) await client.send(new AdminAddUserToGroupCommand({ ...who, GroupName }))
  const { AuthenticationResult } = await client.send(
    new AdminInitiateAuthCommand({
      UserPoolId,
      ClientId,
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: name, PASSWORD },
    }),
  )
  const token = AuthenticationResult?.AccessToken
  if (token === undefined) throw new Error(`${name} signed in and got no access token`)
  return token
}
