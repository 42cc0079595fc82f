import { Match } from 'aws-cdk-lib/assertions'
import { describe, expect, it } from 'vitest'
import { ROLES } from '../../../schemas/role.ts'
import { PRODUCTION } from './given.ts'
import { appOf, templateOf } from './stage.ts'

const dev = templateOf(appOf('dev'), 'dev', 'data')
const app = appOf('production', {
  'daybook:replicaBucketArn': 'arn:aws:s3:::daybook-elsewhere',
  'daybook:replicaKeyArn': 'arn:aws:kms:eu-west-2:111122223333:key/0a1b',
})
const production = templateOf(app, 'production', 'data')

const propertiesOf = (type: string) =>
  Object.values(production.findResources(type)).map(({ Properties, DeletionPolicy }) => ({
    ...Properties,
    DeletionPolicy,
  }))

const KEY = { 'Fn::GetAtt': [Match.stringLikeRegexp('^datakey'), 'Arn'] }

describe('what holds data in production', () => {
  it('tables: under a key of ours, restorable, and neither deleted nor lost with their stack', () => {
    const tables = propertiesOf('AWS::DynamoDB::Table')
    expect(tables.map(({ TableName }) => TableName).toSorted()).toEqual([
      'production-daybook-events',
      'production-daybook-requests',
      'production-daybook-reservations',
      'production-daybook-snapshots',
      'production-daybook-subject-keys',
    ])
    for (const table of tables) {
      expect(table).toMatchObject({
        BillingMode: 'PAY_PER_REQUEST',
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        DeletionProtectionEnabled: true,
        DeletionPolicy: 'Retain',
      })
      // What is written stays: a time to live would let the book of record forget.
      expect(table).not.toHaveProperty('TimeToLiveSpecification')
    }
    production.allResourcesProperties('AWS::DynamoDB::Table', { SSESpecification: { KMSMasterKeyId: KEY } })
  })

  it('the event table has the time index of the laptop, a stream of new images, and Kinesis by the microsecond', () => {
    production.hasResourceProperties('AWS::DynamoDB::Table', {
      TableName: 'production-daybook-events',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-time',
          KeySchema: [
            { AttributeName: 'bucket', KeyType: 'HASH' },
            { AttributeName: 'commitId', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
      StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
      KinesisStreamSpecification: { ApproximateCreationDateTimePrecision: 'MICROSECOND' },
    })
  })

  it('the Kinesis stream keeps a week, under a key of ours', () => {
    production.hasResourceProperties('AWS::Kinesis::Stream', {
      RetentionPeriodHours: 168,
      StreamEncryption: { EncryptionType: 'KMS', KeyId: KEY },
      ShardCount: PRODUCTION.kinesisShards,
    })
  })

  it('buckets are private, keep versions, and take nothing that is not encrypted on its way', () => {
    const buckets = production.findResources('AWS::S3::Bucket')
    expect(Object.keys(buckets)).toHaveLength(5)
    const policies = Object.values(production.findResources('AWS::S3::BucketPolicy'))
    for (const [id, { Properties: properties }] of Object.entries(buckets)) {
      expect(properties.PublicAccessBlockConfiguration).toEqual({
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      })
      expect(properties.LifecycleConfiguration.Rules).toHaveLength(1)
      const policy = policies.find(({ Properties }) => Properties.Bucket.Ref === id)
      expect(policy?.['Properties'].PolicyDocument.Statement).toContainEqual(
        expect.objectContaining({
          Effect: 'Deny',
          Action: 's3:*',
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      )
    }
    const holding = Object.entries(buckets).filter(([id]) => !id.includes('accesslogs'))
    expect(holding).toHaveLength(4)
    for (const [, { Properties: properties }] of holding) {
      expect(properties.VersioningConfiguration).toEqual({ Status: 'Enabled' })
      expect(properties.BucketEncryption.ServerSideEncryptionConfiguration[0]).toMatchObject({
        BucketKeyEnabled: true,
        ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' },
      })
    }
  })

  it('the trail is locked for seven years, and copied to another region', () => {
    production.hasResourceProperties('AWS::S3::Bucket', {
      ObjectLockEnabled: true,
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 2557 } } },
      ReplicationConfiguration: {
        Rules: [
          {
            Status: 'Enabled',
            SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: 'Enabled' } },
            Destination: {
              Bucket: 'arn:aws:s3:::daybook-elsewhere',
              EncryptionConfiguration: { ReplicaKmsKeyID: 'arn:aws:kms:eu-west-2:111122223333:key/0a1b' },
            },
          },
        ],
      },
    })
    expect(
      Object.values(dev.findResources('AWS::S3::Bucket')).filter(
        ({ Properties }) => Properties.ReplicationConfiguration,
      ),
    ).toEqual([])
  })

  it('Postgres: encrypted, over TLS, without a password that anybody knows, backed up for 35 days', () => {
    production.hasResource('AWS::RDS::DBCluster', {
      DeletionPolicy: 'Retain',
      Properties: {
        StorageEncrypted: true,
        KmsKeyId: KEY,
        EnableIAMDatabaseAuthentication: true,
        ManageMasterUserPassword: true,
        MasterUserPassword: Match.absent(),
        BackupRetentionPeriod: 35,
        DeletionProtection: true,
        ServerlessV2ScalingConfiguration: {
          MinCapacity: PRODUCTION.databaseMinHalfUnits / 2,
          MaxCapacity: PRODUCTION.databaseMaxHalfUnits / 2,
        },
      },
    })
    production.hasResourceProperties('AWS::RDS::DBClusterParameterGroup', { Parameters: { 'rds.force_ssl': '1' } })
    production.hasResourceProperties('AWS::RDS::DBProxy', {
      RequireTLS: true,
      DefaultAuthScheme: 'IAM_AUTH',
      Auth: Match.absent(),
    })
    for (const { PubliclyAccessible } of propertiesOf('AWS::RDS::DBInstance')) expect(PubliclyAccessible).not.toBe(true)
  })

  it('OpenSearch: encrypted, over TLS, in the network, with roles of its own that an IAM role gives', () => {
    production.hasResource('AWS::OpenSearchService::Domain', {
      DeletionPolicy: 'Retain',
      Properties: {
        EngineVersion: 'OpenSearch_3.7',
        EncryptionAtRestOptions: { Enabled: true },
        NodeToNodeEncryptionOptions: { Enabled: true },
        DomainEndpointOptions: { EnforceHTTPS: true, TLSSecurityPolicy: 'Policy-Min-TLS-1-2-2019-07' },
        AdvancedSecurityOptions: { Enabled: true, InternalUserDatabaseEnabled: false },
        VPCOptions: Match.anyValue(),
      },
    })
  })

  it('only functions reach the engines, and the proxy the database', () => {
    const rules = propertiesOf('AWS::EC2::SecurityGroupIngress')
    const inline = propertiesOf('AWS::EC2::SecurityGroup').flatMap(
      ({ SecurityGroupIngress = [] }) => SecurityGroupIngress,
    )
    for (const { CidrIp, CidrIpv6 } of [...rules, ...inline]) expect([CidrIp, CidrIpv6]).toEqual([undefined, undefined])
    expect(rules).toHaveLength(3)
    for (const { SourceSecurityGroupId } of rules)
      expect(JSON.stringify(SourceSecurityGroupId)).toMatch(/networkfunctions|databasesecuritygroup/)
  })

  it('keys rotate, but those that sign, of which there are as many as the stage says', () => {
    const keys = propertiesOf('AWS::KMS::Key')
    const [signing, others] = [keys.filter(({ KeyUsage }) => KeyUsage), keys.filter(({ KeyUsage }) => !KeyUsage)]
    expect(signing).toMatchObject([{ KeyUsage: 'SIGN_VERIFY', KeySpec: 'ECC_NIST_P256', DeletionPolicy: 'Retain' }])
    expect(others).toHaveLength(2)
    for (const key of others) expect(key).toMatchObject({ EnableKeyRotation: true, DeletionPolicy: 'Retain' })
    const rotated = templateOf(appOf('dev', { 'daybook:signingKeys': 2 }), 'dev', 'data')
    rotated.resourcePropertiesCountIs('AWS::KMS::Key', { KeyUsage: 'SIGN_VERIFY' }, 2)
  })

  it('what happened on the bus is kept for a year', () => {
    production.hasResourceProperties('AWS::Events::Archive', { RetentionDays: 365 })
  })
})

describe('the user pool', () => {
  it('has the roles of the API as groups', () => {
    const groups = propertiesOf('AWS::Cognito::UserPoolGroup').map(({ GroupName }) => GroupName)
    expect(groups.toSorted()).toEqual([...ROLES].toSorted())
  })

  it('lets nobody in by themselves, and no client change whose tenant somebody is', () => {
    production.hasResourceProperties('AWS::Cognito::UserPool', {
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      MfaConfiguration: 'ON',
      DeletionProtection: 'ACTIVE',
      LambdaConfig: { PreTokenGenerationConfig: { LambdaVersion: 'V2_0' } },
    })
    production.hasResourceProperties('AWS::Cognito::UserPoolClient', {
      WriteAttributes: ['email'],
      ReadAttributes: ['custom:tenant', 'email'],
      GenerateSecret: false,
      PreventUserExistenceErrors: 'ENABLED',
      ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    })
  })
})

it.each(['network', 'data', 'service', 'operations', 'ci'])('the template %s holds no secret', (stack) => {
  const text = JSON.stringify(templateOf(app, 'production', stack).toJSON())
  const secrets =
    /"(?:MasterUserPassword|SecretString|ClientSecret)"|AKIA[0-9A-Z]{16}|PRIVATE KEY|:\/\/[^/"@:]+:[^/"@]+@/
  expect(secrets.exec(text)?.[0]).toBe(undefined)
})
