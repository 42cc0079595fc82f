import { Duration } from 'aws-cdk-lib'
import {
  AccountRecovery,
  CfnUserPoolGroup,
  ClientAttributes,
  FeaturePlan,
  LambdaVersion,
  Mfa,
  StandardThreatProtectionMode,
  StringAttribute,
  UserPool,
  type UserPoolClient,
  UserPoolOperation,
} from 'aws-cdk-lib/aws-cognito'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import { ROLES } from '../../../schemas/role.ts'
import { knowing } from '../capability.ts'
import type { StageConfig } from '../config.ts'
import { explain } from '../explained.ts'
import { removalPolicyOf } from '../removal.ts'

type IdentityOptions = { readonly config: StageConfig; readonly preToken: IFunction }

/**
 * The people who use Daybook: each has one tenant, which only an administrator sets, and the roles of the groups they are in. Both are
 * claims of their access tokens.
 */
export class Identity extends Construct {
  readonly pool: UserPool
  readonly client: UserPoolClient
  private readonly options: IdentityOptions

  constructor(scope: Construct, id: string, options: IdentityOptions) {
    super(scope, id)
    this.options = options
    const { config, preToken } = options
    this.pool = new UserPool(this, 'pool', {
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      customAttributes: { tenant: new StringAttribute({ minLen: 1, maxLen: 40, mutable: true }) },
      passwordPolicy: {
        minLength: 14,
        requireDigits: true,
        requireLowercase: true,
        requireUppercase: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(3),
      },
      mfa: config.mfaRequired ? Mfa.REQUIRED : Mfa.OPTIONAL,
      mfaSecondFactor: { otp: true, sms: false },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      ...(config.mfaRequired
        ? { featurePlan: FeaturePlan.PLUS, standardThreatProtectionMode: StandardThreatProtectionMode.FULL_FUNCTION }
        : { featurePlan: FeaturePlan.ESSENTIALS }),
      deletionProtection: config.keepsData,
      removalPolicy: removalPolicyOf(config.keepsData),
    })
    if (!config.mfaRequired) {
      explain(this.pool, {
        COG2: 'Nobody but developers signs in to this stage',
        COG8: 'Nobody but developers signs in to this stage',
      })
    }
    this.pool.addTrigger(UserPoolOperation.PRE_TOKEN_GENERATION_CONFIG, preToken, LambdaVersion.V2_0)
    for (const role of ROLES) new CfnUserPoolGroup(this, role, { groupName: role, userPoolId: this.pool.userPoolId })
    this.client = this.pool.addClient('client', {
      authFlows: { userSrp: true, ...(config.stage === 'emulated' && { adminUserPassword: true }) },
      generateSecret: false,
      disableOAuth: true,
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      accessTokenValidity: Duration.minutes(60),
      readAttributes: new ClientAttributes().withStandardAttributes({ email: true }).withCustomAttributes('tenant'),
      // Who could write it would be of every tenant.
      writeAttributes: new ClientAttributes().withStandardAttributes({ email: true }),
    })
  }

  /** Whose tokens to accept. */
  accepting() {
    const { userPoolId, userPoolProviderUrl } = this.pool
    const emulator = this.options.config.externalEngines?.AWS_ENDPOINT_URL
    const keysBelow = emulator === undefined ? userPoolProviderUrl : `${emulator.replace(/\/$/, '')}/${userPoolId}`
    return knowing({
      DAYBOOK_ISSUER: userPoolProviderUrl,
      DAYBOOK_JWKS_URL: `${keysBelow}/.well-known/jwks.json`,
      DAYBOOK_CLIENT_IDS: this.client.userPoolClientId,
    })
  }
}
