import { Match } from 'aws-cdk-lib/assertions'
import { describe, expect, it } from 'vitest'
import { PRODUCTION } from './given.ts'
import { appOf, templateOf } from './stage.ts'

const production = templateOf(appOf('production'), 'production', 'service')
const resources = production.toJSON()['Resources']

const idOf = (type: string, props: object): string => {
  const [id, ...more] = Object.keys(production.findResources(type, { Properties: props }))
  if (id === undefined || more.length > 0) throw new Error(`${type} ${JSON.stringify(props)} is not one resource`)
  return id
}
const functionId = (name: string) => idOf('AWS::Lambda::Function', { FunctionName: `daybook-production-${name}` })

describe('event source mappings', () => {
  const mappingOf = (name: string) =>
    Object.values(production.findResources('AWS::Lambda::EventSourceMapping')).find(({ Properties }) =>
      JSON.stringify(Properties.FunctionName).includes(`feeds${name.replace('-', '')}live`),
    )?.['Properties']

  it.each(['project-views', 'project-search', 'archive', 'relay'])(
    '%s never waits for ever, and loses nothing',
    (name) => {
      expect(mappingOf(name)).toMatchObject({
        StartingPosition: 'TRIM_HORIZON',
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        BisectBatchOnFunctionError: true,
        MaximumRetryAttempts: 10,
        MaximumRecordAgeInSeconds: 21_600,
      })
      expect(JSON.stringify(mappingOf(name).DestinationConfig.OnFailure)).toContain('failures')
    },
  )

  it('the views follow the table itself, the others Kinesis', () => {
    expect(JSON.stringify(mappingOf('project-views').EventSourceArn)).toContain('StreamArn')
    for (const name of ['project-search', 'archive', 'relay'])
      expect(JSON.stringify(mappingOf(name).EventSourceArn)).toContain('commits')
  })
})

describe('the schema of the views', () => {
  const schema = Object.keys(production.findResources('Custom::DaybookViews'))[0] ?? ''

  it('is brought up to date by migrate, before anything that needs it is changed', () => {
    for (const name of ['query-api', 'subjects-api', 'project-views', 'project-search', 'archive', 'redrive'])
      expect(resources[functionId(name)].DependsOn).toContain(schema)
  })

  it('comes with the roles of who searches and who writes what is searched', () => {
    const { searchRoles } = resources[schema].Properties
    expect(JSON.stringify(searchRoles.readers)).toContain('functionsqueryapirole')
    expect(JSON.stringify(searchRoles.writers)).toContain('feedsprojectsearchrole')
  })

  it('is nothing that commands wait for', () => {
    for (const name of ['command-api']) expect(resources[functionId(name)].DependsOn ?? []).not.toContain(schema)
  })
})

describe('the API', () => {
  const targets = (path: string, method: string): string => {
    const steps = production.findResources('AWS::ApiGateway::Resource')
    const pathOf = (id: string): string => {
      const { ParentId, PathPart } = steps[id]?.['Properties'] ?? {}
      return PathPart === undefined ? '' : `${pathOf(ParentId.Ref ?? '')}/${PathPart}`
    }
    const found = Object.values(
      production.findResources('AWS::ApiGateway::Method', { Properties: { HttpMethod: method } }),
    )
      .map(({ Properties }) => Properties)
      .find(({ ResourceId }) => pathOf(ResourceId.Ref ?? '') === path)
    return JSON.stringify(found?.Integration?.Uri)
  }

  it.each([
    ['', 'ANY', 'queryapi'],
    ['/{proxy+}', 'ANY', 'queryapi'],
    ['/v1/{proxy+}', 'POST', 'commandapi'],
    ['/v1/{proxy+}', 'ANY', 'queryapi'],
    ['/v1/audit/{proxy+}', 'ANY', 'queryapi'],
    ['/v1/subjects/{proxy+}', 'ANY', 'subjectsapi'],
  ])('hands %s %s on to %s', (path, method, name) => {
    expect(targets(path, method)).toContain(`functions${name}live`)
  })

  it('throttles, logs who got what without who asked, and is not on the edge', () => {
    production.hasResourceProperties('AWS::ApiGateway::Stage', {
      MethodSettings: [
        Match.objectLike({
          ThrottlingRateLimit: PRODUCTION.requestsPerSecond,
          ThrottlingBurstLimit: PRODUCTION.requestBurst,
          DataTraceEnabled: false,
        }),
      ],
      AccessLogSetting: { Format: Match.not(Match.stringLikeRegexp('sourceIp|authorizer|path"')) },
    })
    production.hasResourceProperties('AWS::ApiGateway::RestApi', { EndpointConfiguration: { Types: ['REGIONAL'] } })
  })

  it('stands behind a firewall that stops floods, what is far too long, and known attacks', () => {
    production.resourceCountIs('AWS::WAFv2::WebACLAssociation', 1)
    production.hasResourceProperties('AWS::WAFv2::WebACL', {
      Rules: Match.arrayWith([
        Match.objectLike({ Name: 'one-address', Statement: { RateBasedStatement: { Limit: 100_000 } } }),
        Match.objectLike({ Name: 'too-long' }),
        Match.objectLike({ Name: 'AWSManagedRulesCommonRuleSet' }),
        Match.objectLike({ Name: 'AWSManagedRulesKnownBadInputsRuleSet' }),
      ]),
    })
  })

  it('the firewall takes a body of the size that the API takes', () => {
    const [acl] = Object.values(production.findResources('AWS::WAFv2::WebACL'))
    const rule = acl?.['Properties'].Rules.find(({ Name }: { Name: string }) => Name === 'too-long')
    const pattern = new RegExp(rule.Statement.RegexMatchStatement.RegexString)
    expect(['0', '4194304', '4999999'].some((length) => pattern.test(length))).toBe(false)
    expect(['5000000', '10485760', '99999999'].every((length) => pattern.test(length))).toBe(true)
  })
})

describe('a new version', () => {
  it('of every function that callers or feeds reach gets a tenth first, and is taken back by an alarm', () => {
    const groups = Object.values(production.findResources('AWS::CodeDeploy::DeploymentGroup'))
    expect(groups).toHaveLength(11)
    for (const { Properties } of groups) {
      expect(Properties).toMatchObject({
        DeploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent5Minutes',
        AutoRollbackConfiguration: {
          Enabled: true,
          Events: expect.arrayContaining(['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM']),
        },
        AlarmConfiguration: { Enabled: true },
      })
    }
  })
})

it('the trail is sealed every minute, by one at a time', () => {
  production.hasResourceProperties('AWS::Scheduler::Schedule', { ScheduleExpression: 'rate(1 minute)' })
  expect(resources[functionId('seal')].Properties.ReservedConcurrentExecutions).toBe(1)
})

it('nobody takes the cloud for one machine, where a time index is complete sooner', () => {
  const told = Object.values(production.findResources('AWS::Lambda::Function')).flatMap(
    ({ Properties }) => Properties.Environment?.Variables.DAYBOOK_TIME_BOUNDS ?? [],
  )
  expect(told.length).toBeGreaterThan(5)
  expect(new Set(told)).toEqual(new Set(['aws']))
})

it('a stage tells where its parts are, and no password', () => {
  const parameter = resources[idOf('AWS::SSM::Parameter', { Name: '/daybook/production/engines' })]
  const text = JSON.stringify(parameter.Properties.Value)
  for (const name of [
    'apiUrl',
    'DAYBOOK_EVENT_TABLE',
    'DAYBOOK_TRAIL_BUCKET',
    'DAYBOOK_OWNER_URL',
    'DAYBOOK_OPENSEARCH_URL',
    'DAYBOOK_FLAGS_PROFILE',
  ])
    expect(text).toContain(name)
  expect(text).toContain('postgresql://daybook_owner@')
})
