import { CustomResource, Duration, FileSystem } from 'aws-cdk-lib'
import { Role } from 'aws-cdk-lib/aws-iam'
import { Construct } from 'constructs'
import type { SearchRoles } from '../../search/opensearch-roles.ts'
import { all } from '../capability.ts'
import type { Data } from '../data.ts'
import type { Deployment } from '../deployment.ts'
import { DaybookFunction } from './daybook-function.ts'

/**
 * The newest schema of the views, as a resource: what depends on it is changed after it, and not at all when it fails. Migrations are
 * therefore such that the version before runs on, too.
 */
export class Migration extends Construct {
  readonly function: DaybookFunction<'migrate'>

  /** @param roles of the functions that search, and of those that write what is searched. */
  constructor(scope: Construct, id: string, deployment: Deployment, { engines }: Data, roles: SearchRoles) {
    super(scope, id)
    const { admin } = engines.search
    const timeout = Duration.minutes(14)
    this.function = new DaybookFunction(this, 'migrate', {
      deployment,
      description: 'Brings the views to the newest schema',
      uses: all(engines.postgres.owning(), engines.search.writing()),
      timeout,
      ...(admin !== undefined && { role: Role.fromRoleArn(this, 'admin', admin.roleArn) }),
    })
    new CustomResource(this, 'schema', {
      serviceToken: this.function.function.functionArn,
      serviceTimeout: timeout,
      resourceType: 'Custom::DaybookViews',
      // Another bundle may hold other migrations.
      properties: {
        bundle: FileSystem.fingerprint(deployment.bundleOf('migrate')),
        ...(admin !== undefined && { searchRoles: roles }),
      },
    })
  }
}
