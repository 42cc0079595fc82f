import { randomBytes } from 'node:crypto'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import pg from 'pg'
import { dynamoDbClient } from '../../infra/dynamodb-client.ts'
import { reservationTableDefinition } from '../../infra/event-store/reservation-table.ts'
import { createTable, eventTableDefinition } from '../../infra/event-store/table.ts'
import { POLL_SECONDS } from '../../infra/flags/appconfig.ts'
import { NEEDED, type Variable } from '../../infra/lambda/environment.ts'
import type { FunctionName } from '../../infra/lambda/functions.ts'
import { PROJECTOR_ROLE, READER_ROLE } from '../../infra/postgres/roles.ts'
import { subjectKeyTableDefinition } from '../../infra/privacy/dynamo.ts'
import { requestTableDefinition } from '../../infra/request-keys/dynamo.ts'
import { snapshotTableDefinition } from '../../infra/snapshots/dynamo.ts'
import { appConfigStandIn, PLACE } from './appconfig.ts'
import { kmsStandIn } from './kms.ts'
import { s3StandIn } from './s3.ts'
import { type Asked, standIn } from './stand-in.ts'

export type Engines = {
  readonly dynamodb: string
  /** An empty database; its user may make roles. */
  readonly postgres: string
  /** Null: none, and whoever asks one finds nobody there. */
  readonly opensearch: string | null
}

/** Nobody listens there. */
const NOWHERE = 'http://127.0.0.1:1'

const ISSUER = 'https://cognito.invalid/pool'
const CLIENT = 'console'

/** Every process of a machine that uses these roles says the same. */
const PASSWORD = 'of-a-role-in-tests'

const as = (role: string, url: string): string => {
  const changed = new URL(url)
  changed.username = role
  changed.password = PASSWORD
  return changed.href
}

const userPool = async () => {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }
  const jwks = await standIn(() => ({
    status: 200,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ keys: [jwk] }),
  }))
  const tokenFor = (tenant: string, ...roles: ReadonlyArray<string>): Promise<string> =>
    new SignJWT({ tenant, roles, token_use: 'access', client_id: CLIENT })
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .setIssuer(ISSUER)
      .setSubject('ann')
      .setExpirationTime('1h')
      .sign(privateKey)
  return { jwks, tokenFor }
}

const createTables = async (endpoint: string, name: string): Promise<void> => {
  const client = dynamoDbClient(endpoint)
  await Promise.all([
    createTable(client, eventTableDefinition(`${name}-events`)),
    createTable(client, requestTableDefinition(`${name}-requests`)),
    createTable(client, reservationTableDefinition(`${name}-reservations`)),
    createTable(client, snapshotTableDefinition(`${name}-snapshots`)),
    createTable(client, subjectKeyTableDefinition(`${name}-subject-keys`)),
  ])
  client.destroy()
}

/** What AWS gives to functions: engines that are real, and stand-ins for the services around them. */
export const deployment = async (engines: Engines) => {
  const name = `lambda-${randomBytes(6).toString('hex')}`
  const invocations: Asked[] = []
  const busEntries: unknown[] = []
  const [pool, kms, s3, appConfig, lambda, bus] = await Promise.all([
    userPool(),
    kmsStandIn(),
    s3StandIn(),
    appConfigStandIn(POLL_SECONDS),
    standIn((asked) => {
      invocations.push(asked)
      return { status: 202 }
    }),
    standIn(({ body }) => {
      const { Entries: entries }: { Entries: unknown[] } = JSON.parse(body.toString('utf8'))
      busEntries.push(...entries)
      const ids = entries.map((_, nth) => ({ EventId: String(nth) }))
      return { status: 200, body: JSON.stringify({ FailedEntryCount: 0, Entries: ids }) }
    }),
    createTables(engines.dynamodb, name),
  ])
  const variables: { readonly [V in Variable]: string } = {
    DAYBOOK_STAGE: 'dev',
    DAYBOOK_RELEASE: 'under-test',
    DAYBOOK_EVENT_TABLE: `${name}-events`,
    DAYBOOK_TIME_BOUNDS: 'aws',
    DAYBOOK_REQUEST_TABLE: `${name}-requests`,
    DAYBOOK_SNAPSHOT_TABLE: `${name}-snapshots`,
    DAYBOOK_RESERVATION_TABLE: `${name}-reservations`,
    DAYBOOK_SUBJECT_KEY_TABLE: `${name}-subject-keys`,
    DAYBOOK_OBJECTS_BUCKET: 'objects',
    DAYBOOK_TRAIL_BUCKET: 'trail',
    DAYBOOK_EXPORT_BUCKET: 'exports',
    DAYBOOK_FAILURES_BUCKET: 'failures',
    DAYBOOK_PERSONAL_KEY: 'personal',
    DAYBOOK_SIGNING_KEY: 'signing',
    DAYBOOK_READER_URL: as(READER_ROLE, engines.postgres),
    DAYBOOK_PROJECTOR_URL: as(PROJECTOR_ROLE, engines.postgres),
    DAYBOOK_OWNER_URL: engines.postgres,
    DAYBOOK_OPENSEARCH_URL: engines.opensearch ?? NOWHERE,
    DAYBOOK_OPENSEARCH_AUTH: 'none',
    DAYBOOK_ISSUER: ISSUER,
    DAYBOOK_JWKS_URL: pool.jwks.url,
    DAYBOOK_CLIENT_IDS: `till,${CLIENT}`,
    DAYBOOK_EVENT_BUS: 'bus',
    DAYBOOK_EXPORT_FUNCTION: 'export-trail',
    DAYBOOK_FLAGS_APPLICATION: PLACE.application,
    DAYBOOK_FLAGS_ENVIRONMENT: PLACE.environment,
    DAYBOOK_FLAGS_PROFILE: PLACE.profile,
  }
  const sdk = {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'daybook',
    AWS_SECRET_ACCESS_KEY: 'daybook',
    AWS_ENDPOINT_URL: NOWHERE,
    AWS_ENDPOINT_URL_DYNAMODB: engines.dynamodb,
    AWS_ENDPOINT_URL_KMS: kms.url,
    AWS_ENDPOINT_URL_S3: s3.url,
    AWS_ENDPOINT_URL_APPCONFIGDATA: appConfig.url,
    AWS_ENDPOINT_URL_LAMBDA: lambda.url,
    AWS_ENDPOINT_URL_EVENTBRIDGE: bus.url,
  }
  return {
    variables,
    kms,
    s3,
    appConfig,
    /** What functions asked Lambda to invoke, and told the bus. */
    invocations,
    busEntries,
    tokenFor: pool.tokenFor,
    /** The environment of a function: what it needs, and no variable of ours beside. */
    environmentOf: (name: FunctionName, changes: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
      ...sdk,
      ...Object.fromEntries(NEEDED[name].map((variable: Variable) => [variable, variables[variable]])),
      ...changes,
    }),
    /** What RDS does by IAM: the roles can log in. */
    letRolesIn: async (): Promise<void> => {
      const client = new pg.Client({ connectionString: engines.postgres })
      await client.connect()
      for (const role of [READER_ROLE, PROJECTOR_ROLE]) await client.query(`ALTER ROLE ${role} PASSWORD '${PASSWORD}'`)
      await client.end()
    },
    stop: async (): Promise<void> => {
      await Promise.all([pool.jwks, kms, s3, appConfig, lambda, bus].map((each) => each.stop()))
    },
  }
}

export type Deployment = Awaited<ReturnType<typeof deployment>>
