import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib'
import type { RestApi } from 'aws-cdk-lib/aws-apigateway'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import { CfnLoggingConfiguration, CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2'
import { Construct } from 'constructs'
import type { StageConfig } from '../config.ts'

/** Of 5,000,000 bytes and more: the functions refuse exactly (413), and what is far beyond does not come to them. */
const FAR_TOO_LONG = '^([5-9][0-9]{6}|[0-9]{8,})$'

const seen = (metricName: string) => ({ cloudWatchMetricsEnabled: true, metricName, sampledRequestsEnabled: false })

const managed = (priority: number, name: string, counted: ReadonlyArray<string> = []): CfnWebACL.RuleProperty => ({
  name,
  priority,
  overrideAction: { none: {} },
  statement: {
    managedRuleGroupStatement: {
      vendorName: 'AWS',
      name,
      ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
    },
  },
  visibilityConfig: seen(name),
})

/** What is turned away before the API: floods from one address, what is too long, and what AWS knows as attacks. */
export class Firewall extends Construct {
  constructor(scope: Construct, id: string, api: RestApi, config: StageConfig) {
    super(scope, id)
    const acl = new CfnWebACL(this, 'acl', {
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: seen(`daybook-${config.stage}`),
      rules: [
        {
          name: 'one-address',
          priority: 0,
          action: { block: { customResponse: { responseCode: 429 } } },
          statement: { rateBasedStatement: { limit: config.requestsOfOneAddress, aggregateKeyType: 'IP' } },
          visibilityConfig: seen('one-address'),
        },
        {
          name: 'too-long',
          priority: 1,
          action: { block: { customResponse: { responseCode: 413 } } },
          statement: {
            regexMatchStatement: {
              fieldToMatch: { singleHeader: { Name: 'content-length' } },
              regexString: FAR_TOO_LONG,
              textTransformations: [{ priority: 0, type: 'NONE' }],
            },
          },
          visibilityConfig: seen('too-long'),
        },
        // It takes a body of more than 8 KB for an attack: an order of many lines is none.
        managed(2, 'AWSManagedRulesCommonRuleSet', ['SizeRestrictions_BODY']),
        managed(3, 'AWSManagedRulesKnownBadInputsRuleSet'),
        managed(4, 'AWSManagedRulesAmazonIpReputationList'),
      ],
    })
    const association = new CfnWebACLAssociation(this, 'association', {
      resourceArn: api.deploymentStage.stageArn,
      webAclArn: acl.attrArn,
    })
    association.node.addDependency(api.deploymentStage)
    // WAF asks for this beginning of the name.
    const name = `aws-waf-logs-daybook-${config.stage}`
    const log = new LogGroup(this, 'log', {
      logGroupName: name,
      retention: config.logDays,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    const logging = new CfnLoggingConfiguration(this, 'logging', {
      resourceArn: acl.attrArn,
      logDestinationConfigs: [
        Stack.of(this).formatArn({
          service: 'logs',
          resource: 'log-group',
          resourceName: name,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ],
      redactedFields: [{ singleHeader: { Name: 'authorization' } }],
    })
    logging.node.addDependency(log)
  }
}
