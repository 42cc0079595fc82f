import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { decode, type Fault } from '../../schemas/decode.ts'
import { DescribedType } from '../../schemas/text.ts'
import { HttpUrl, PostgresUrl } from '../../schemas/urls.ts'

const Path = new DescribedType<string>(
  'Path',
  { type: 'string', minLength: 1 },
  (input) => (typeof input === 'string' && input !== '' ? input : undefined),
  'must be a path',
)

/** A TCP port, 1 to 65535, from its digits. */
const Port = new t.Type<number, string, unknown>(
  'Port',
  (input): input is number => typeof input === 'number' && Number.isInteger(input) && input >= 1 && input <= 65_535,
  (input, context) =>
    typeof input === 'string' && /^[1-9]\d{0,4}$/.test(input) && Number(input) <= 65_535
      ? t.success(Number(input))
      : t.failure(input, context, input === undefined ? 'is required' : 'must be a port from 1 to 65535'),
  String,
)

const Environment = t.intersection([
  t.type({
    DAYBOOK_DATA_DIR: Path,
    DAYBOOK_PORT: Port,
    DAYBOOK_DYNAMODB_ENDPOINT: HttpUrl,
    DAYBOOK_KINESIS_ENDPOINT: HttpUrl,
    DAYBOOK_POSTGRES_URL: PostgresUrl,
    DAYBOOK_PUBLIC_URL: HttpUrl,
  }),
  t.partial({ DAYBOOK_OPENSEARCH_URL: HttpUrl }),
])
type Environment = t.TypeOf<typeof Environment>

const settingsOf = (environment: Environment) =>
  ({
    dataDir: environment.DAYBOOK_DATA_DIR,
    port: environment.DAYBOOK_PORT,
    dynamodbEndpoint: environment.DAYBOOK_DYNAMODB_ENDPOINT,
    kinesisEndpoint: environment.DAYBOOK_KINESIS_ENDPOINT,
    postgresUrl: environment.DAYBOOK_POSTGRES_URL,
    /** Absent: products are searched in Postgres. */
    opensearchUrl: environment.DAYBOOK_OPENSEARCH_URL,
    /** Where users reach the API. */
    publicUrl: environment.DAYBOOK_PUBLIC_URL,
  }) as const

/** What the supervisor tells the processes it starts: where the engines are, and where to serve. */
export type Settings = ReturnType<typeof settingsOf>

/** Reads the settings from environment variables; names every fault. */
export const readSettings = (env: NodeJS.ProcessEnv): E.Either<ReadonlyArray<Fault>, Settings> =>
  E.map(settingsOf)(decode(Environment, env))

/** The environment variables that `readSettings` reads back as these settings. */
export const writeSettings = (settings: Settings): NodeJS.ProcessEnv => ({
  DAYBOOK_DATA_DIR: settings.dataDir,
  DAYBOOK_PORT: String(settings.port),
  DAYBOOK_DYNAMODB_ENDPOINT: settings.dynamodbEndpoint,
  DAYBOOK_KINESIS_ENDPOINT: settings.kinesisEndpoint,
  DAYBOOK_POSTGRES_URL: settings.postgresUrl,
  DAYBOOK_OPENSEARCH_URL: settings.opensearchUrl,
  DAYBOOK_PUBLIC_URL: settings.publicUrl,
})
