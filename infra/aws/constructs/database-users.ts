import { RemovalPolicy } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { DatabaseCluster } from 'aws-cdk-lib/aws-rds'
import { AwsCustomResource, AwsCustomResourcePolicy, PhysicalResourceId } from 'aws-cdk-lib/custom-resources'
import type { Construct } from 'constructs'
import { functionRole } from './function-role.ts'

/** Owns the tables, and makes the two roles that act on them (0001_views.sql). */
export const OWNER = 'daybook_owner'

/** Data API: a ':' would begin a parameter. */
const statementFor = (database: string): string => `
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${OWNER}') THEN CREATE ROLE ${OWNER} LOGIN CREATEROLE; END IF;
  GRANT rds_iam TO ${OWNER} WITH ADMIN OPTION;
  GRANT ALL ON DATABASE ${database} TO ${OWNER};
  GRANT ALL ON SCHEMA public TO ${OWNER};
END $$`

/**
 * Makes the first user that signs in with IAM credentials: the master cannot, and only the master can make one. As the master, by the
 * Data API, when the cluster is new.
 */
export const databaseUsers = (scope: Construct, cluster: DatabaseCluster, database: string): void => {
  const { secret } = cluster
  if (secret === undefined) throw new Error('RDS keeps the password of the master')
  const role = functionRole(scope, 'users-role')
  const logGroup = new LogGroup(scope, 'users-log', {
    retention: RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  })
  logGroup.grantWrite(role)
  const users = new AwsCustomResource(scope, 'users', {
    onUpdate: {
      service: 'RDSDataService',
      action: 'executeStatement',
      parameters: {
        resourceArn: cluster.clusterArn,
        secretArn: secret.secretArn,
        database,
        sql: statementFor(database),
      },
      physicalResourceId: PhysicalResourceId.of(OWNER),
    },
    role,
    logGroup,
    policy: AwsCustomResourcePolicy.fromStatements([
      new PolicyStatement({ actions: ['rds-data:ExecuteStatement'], resources: [cluster.clusterArn] }),
      new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [secret.secretArn] }),
    ]),
    installLatestAwsSdk: false,
  })
  users.node.addDependency(cluster)
}
