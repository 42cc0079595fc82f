import { RemovalPolicy } from 'aws-cdk-lib'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { LogGroup, ResourcePolicy } from 'aws-cdk-lib/aws-logs'
import type { LoggingOptions } from 'aws-cdk-lib/aws-opensearchservice'
import type { Construct } from 'constructs'

/** Where a domain writes what was slow, what failed, and who asked for what; and its right to. */
export const searchLogs = (scope: Construct, retention: number): LoggingOptions => {
  const group = (name: string) => new LogGroup(scope, name, { retention, removalPolicy: RemovalPolicy.DESTROY })
  const groups = [group('slow-searches'), group('slow-indexing'), group('application'), group('audit')] as const
  const [slowSearchLogGroup, slowIndexLogGroup, appLogGroup, auditLogGroup] = groups
  new ResourcePolicy(scope, 'logging', {
    policyStatements: [
      new PolicyStatement({
        principals: [new ServicePrincipal('es.amazonaws.com')],
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: groups.map(({ logGroupArn }) => logGroupArn),
      }),
    ],
  })
  return {
    slowSearchLogEnabled: true,
    slowSearchLogGroup,
    slowIndexLogEnabled: true,
    slowIndexLogGroup,
    appLogEnabled: true,
    appLogGroup,
    auditLogEnabled: true,
    auditLogGroup,
  }
}
