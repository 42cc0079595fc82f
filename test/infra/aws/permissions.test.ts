import { describe, expect, it } from 'vitest'
import { NEEDED } from '../../../infra/lambda/environment.ts'
import { FUNCTION_NAMES, type FunctionName } from '../../../infra/lambda/functions.ts'
import { permissionsOf } from './permissions.ts'
import { appOf, templateOf } from './stage.ts'

const app = appOf('dev')
const service = templateOf(app, 'dev', 'service')
const data = templateOf(app, 'dev', 'data')

const on = (resource: string, ...actions: ReadonlyArray<string>) => actions.map((action) => `${action} ${resource}`)

const LOG = on('own log', 'logs:CreateLogStream', 'logs:PutLogEvents')
const OPENING = on('data key', 'kms:Decrypt')
const SEALING = on('data key', 'kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey')
const READING = [...on('events', 'dynamodb:Query'), ...on('objects', 's3:GetObject', 's3:ListBucket'), ...OPENING]
const IN_TIME = [...on('events', 'dynamodb:BatchGetItem'), ...on('index by time', 'dynamodb:Query')]
const APPENDING = [
  ...READING,
  ...SEALING,
  ...on('events', 'dynamodb:PutItem', 'dynamodb:ConditionCheckItem'),
  ...on('objects', 's3:PutObject'),
  ...on('requests', 'dynamodb:PutItem'),
  ...on('reservations', 'dynamodb:PutItem', 'dynamodb:DeleteItem'),
  ...on('snapshots', 'dynamodb:Query', 'dynamodb:PutItem'),
]
const PERSONAL = [
  ...SEALING,
  ...on('subject keys', 'dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:PutItem'),
  ...on('personal key', 'kms:Decrypt', 'kms:GenerateDataKey'),
]
const bucket = (name: string) => [...SEALING, ...on(name, 's3:GetObject', 's3:PutObject', 's3:ListBucket')]
const FED = [...SEALING, ...on('failures', 's3:PutObject', 's3:ListBucket')]
const TABLE_FED = [
  ...FED,
  ...on('stream of events', 'dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'),
  ...on('everything', 'dynamodb:ListStreams'),
]
const KINESIS_FED = [
  ...FED,
  ...on('commits', 'kinesis:DescribeStream', 'kinesis:DescribeStreamSummary', 'kinesis:GetRecords'),
  ...on('commits', 'kinesis:GetShardIterator', 'kinesis:ListShards'),
]
const SEARCH_READS = ['es:ESHttpGet', 'es:ESHttpHead', 'es:ESHttpPost']
const SEARCH_WRITES = [...SEARCH_READS, 'es:ESHttpDelete', 'es:ESHttpPut']

/** All that each may do. Whoever gives one of them more says so here. */
const MAY: { readonly [Name in FunctionName]: ReadonlyArray<string> } = {
  'command-api': [...APPENDING, ...PERSONAL],
  'query-api': [
    ...APPENDING,
    ...IN_TIME,
    ...on('events', 'dynamodb:DescribeTable'),
    ...PERSONAL,
    ...on('search', ...SEARCH_READS),
    ...on('database as reader', 'rds-db:connect'),
    ...on('database as projector', 'rds-db:connect'),
    ...bucket('trail'),
    ...bucket('exports'),
    ...on('export-trail', 'lambda:InvokeFunction'),
  ],
  'subjects-api': [
    ...APPENDING,
    ...on('events', 'dynamodb:Scan'),
    ...PERSONAL,
    ...on('subject keys', 'dynamodb:UpdateItem'),
    ...on('database as owner', 'rds-db:connect'),
  ],
  'project-views': [...TABLE_FED, ...READING, ...PERSONAL, ...on('database as projector', 'rds-db:connect')],
  'project-search': [
    ...KINESIS_FED,
    ...READING,
    ...on('search', ...SEARCH_WRITES),
    ...on('database as projector', 'rds-db:connect'),
  ],
  archive: [...KINESIS_FED, ...READING, ...bucket('trail'), ...on('database as projector', 'rds-db:connect')],
  relay: [...KINESIS_FED, ...READING, ...on('bus', 'events:PutEvents')],
  process: [
    ...APPENDING,
    ...PERSONAL,
    ...on('database as projector', 'rds-db:connect'),
    ...on('flags', 'appconfig:StartConfigurationSession', 'appconfig:GetLatestConfiguration'),
  ],
  redrive: [
    ...OPENING,
    ...on('failures', 's3:GetObject', 's3:DeleteObject', 's3:ListBucket'),
    ...on('feeds', 'lambda:InvokeFunction'),
    ...on('database as projector', 'rds-db:connect'),
  ],
  seal: [...READING, ...IN_TIME, ...bucket('trail'), ...on('signing key', 'kms:Sign', 'kms:GetPublicKey')],
  'export-trail': [
    ...READING,
    ...IN_TIME,
    ...bucket('trail'),
    ...bucket('exports'),
    ...on('signing key', 'kms:Sign', 'kms:GetPublicKey'),
  ],
  migrate: [...on('search', ...SEARCH_WRITES), ...on('database as owner', 'rds-db:connect')],
  'pre-token': [],
}

const ROLES: { readonly [Name in FunctionName]: string } = {
  'command-api': 'functionscommandapirole',
  'query-api': 'functionsqueryapirole',
  'subjects-api': 'functionssubjectsapirole',
  'export-trail': 'functionsexporttrailrole',
  'project-views': 'feedsprojectviewsrole',
  'project-search': 'feedsprojectsearchrole',
  archive: 'feedsarchiverole',
  relay: 'feedsrelayrole',
  process: 'processingprocessrole',
  redrive: 'redrivingredriverole',
  seal: 'sealingsealrole',
  migrate: 'migrationadmin',
  'pre-token': 'pretokenrole',
}

const templateWith = (name: FunctionName) => (name === 'pre-token' ? data : service)
const functionNamed = (name: FunctionName) => {
  const [resource] = Object.values(
    templateWith(name).findResources('AWS::Lambda::Function', { Properties: { FunctionName: `daybook-dev-${name}` } }),
  )
  if (resource === undefined) throw new Error(`${name} is not deployed`)
  return resource['Properties']
}

describe.each(FUNCTION_NAMES)('the function %s', (name) => {
  it('may do what it needs, and nothing beside', () => {
    const template = templateWith(name)
    // The role of migrate is the admin of the search domain, which lies there; its policies are found by the import.
    const role = name === 'migrate' ? 'Fn::Select' : ROLES[name]
    expect(permissionsOf(template, role)).toEqual([...new Set([...MAY[name], ...LOG])].toSorted())
  })

  it('is told what it needs, and nothing beside', () => {
    const told = Object.keys(functionNamed(name).Environment.Variables)
    expect(told.toSorted()).toEqual([...NEEDED[name]].toSorted())
  })

  it('runs on Node 24 and arm64, writes JSON to a log of its own, and lies in the network where it must', () => {
    const { Runtime, Architectures, LoggingConfig, VpcConfig } = functionNamed(name)
    expect({ Runtime, Architectures }).toEqual({ Runtime: 'nodejs24.x', Architectures: ['arm64'] })
    expect(LoggingConfig).toMatchObject({ LogFormat: 'JSON' })
    const needs = NEEDED[name].some((variable) => /_URL$/.test(variable) && !/JWKS/.test(variable))
    expect(VpcConfig !== undefined).toBe(needs)
  })
})

it('no policy allows all of a service, and none of data allows all resources', () => {
  for (const stack of ['network', 'data', 'service'] as const) {
    for (const { Properties } of Object.values(templateOf(app, 'dev', stack).findResources('AWS::IAM::Policy'))) {
      for (const { Action } of Properties.PolicyDocument.Statement) expect([Action].flat().join()).not.toContain('*')
    }
  }
})

it('the event table takes no change and no deletion, from nobody', () => {
  data.hasResourceProperties('AWS::DynamoDB::Table', {
    TableName: 'dev-daybook-events',
    ResourcePolicy: {
      PolicyDocument: {
        Statement: [{ Effect: 'Deny', Principal: '*', Action: ['dynamodb:DeleteItem', 'dynamodb:UpdateItem'] }],
      },
    },
  })
})
