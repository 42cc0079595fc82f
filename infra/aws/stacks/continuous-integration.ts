import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib'
import { OidcProviderNative, OpenIdConnectPrincipal, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import type { StageConfig } from '../config.ts'

const ISSUER = 'token.actions.githubusercontent.com'

/** What `cdk deploy` does, it does as these roles of the bootstrap. */
const BOOTSTRAP_ROLES = ['deploy-role', 'file-publishing-role', 'lookup-role']

/**
 * The role that GitHub's workflows deploy a stage with: without any key that could be kept, and in the environment of the stage's name alone,
 * which asks for an approval where it is set up to. Deployed once, by hand.
 */
export class ContinuousIntegrationStack extends Stack {
  constructor(scope: Construct, id: string, { repository, stage }: StageConfig, props: StackProps) {
    super(scope, id, props)
    const provider = new OidcProviderNative(this, 'github', {
      url: `https://${ISSUER}`,
      clientIds: ['sts.amazonaws.com'],
    })
    const role = new Role(this, 'deploy', {
      roleName: `daybook-${stage}-deploy`,
      description: `Deploys the stage ${stage}, from ${repository}`,
      maxSessionDuration: Duration.hours(1),
      assumedBy: new OpenIdConnectPrincipal(provider, {
        StringEquals: {
          [`${ISSUER}:aud`]: 'sts.amazonaws.com',
          [`${ISSUER}:sub`]: `repo:${repository}:environment:${stage}`,
        },
      }),
    })
    role.addToPolicy(
      new PolicyStatement({
        actions: ['sts:AssumeRole'],
        resources: BOOTSTRAP_ROLES.map((name) =>
          this.formatArn({
            service: 'iam',
            region: '',
            resource: 'role',
            resourceName: `cdk-hnb659fds-${name}-${this.account}-${this.region}`,
          }),
        ),
      }),
    )
    new CfnOutput(this, 'DeployRole', { value: role.roleArn })
  }
}
