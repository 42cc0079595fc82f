import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { decode, type Fault } from '../../schemas/decode.ts'
import { text } from '../../schemas/text.ts'
import { HttpUrl, PostgresUrl } from '../../schemas/urls.ts'
import type { FunctionName } from './functions.ts'

const Name = text(1, 2_048)

/**
 * Everything that a function may be told. A Postgres URL without a password asks for IAM credentials; what an SDK reads by itself
 * (AWS_REGION, AWS_ENDPOINT_URL) is left to it.
 */
const VARIABLES = {
  DAYBOOK_STAGE: Name,
  /** What is deployed: a tag or a commit. */
  DAYBOOK_RELEASE: Name,
  DAYBOOK_EVENT_TABLE: Name,
  /** What order in time rests on (time-bounds.ts): all who write or read the event table are told the same. */
  DAYBOOK_TIME_BOUNDS: t.keyof({ aws: null, emulated: null }),
  DAYBOOK_REQUEST_TABLE: Name,
  DAYBOOK_SNAPSHOT_TABLE: Name,
  DAYBOOK_RESERVATION_TABLE: Name,
  DAYBOOK_SUBJECT_KEY_TABLE: Name,
  /** Bucket of large commits' events. */
  DAYBOOK_OBJECTS_BUCKET: Name,
  /** Bucket of the archive, the digests and the history of signing keys; locked. */
  DAYBOOK_TRAIL_BUCKET: Name,
  DAYBOOK_EXPORT_BUCKET: Name,
  /** Bucket of the batches that feeds gave up. */
  DAYBOOK_FAILURES_BUCKET: Name,
  /** ARN of the symmetric key that wraps the master key of personal data. */
  DAYBOOK_PERSONAL_KEY: Name,
  /** ARNs of the asymmetric keys (ECC_NIST_P256) that have signed the trail, comma-separated; the last one signs (kms-keys.ts). */
  DAYBOOK_SIGNING_KEY: Name,
  /** Users `daybook_reader`, `daybook_projector`, and the tables' owner. */
  DAYBOOK_READER_URL: PostgresUrl,
  DAYBOOK_PROJECTOR_URL: PostgresUrl,
  DAYBOOK_OWNER_URL: PostgresUrl,
  DAYBOOK_OPENSEARCH_URL: HttpUrl,
  /** `iam`: requests are signed (Signature Version 4, service `es`). `none`: not. */
  DAYBOOK_OPENSEARCH_AUTH: t.keyof({ iam: null, none: null }),
  /** `iss` of the tokens that are accepted, where its keys are, and the clients (comma-separated) they were issued to. */
  DAYBOOK_ISSUER: HttpUrl,
  DAYBOOK_JWKS_URL: HttpUrl,
  DAYBOOK_CLIENT_IDS: Name,
  DAYBOOK_EVENT_BUS: Name,
  DAYBOOK_EXPORT_FUNCTION: Name,
  /** Ids of what AppConfig has of a stage: its application, the environment, and the profile of flags. */
  DAYBOOK_FLAGS_APPLICATION: Name,
  DAYBOOK_FLAGS_ENVIRONMENT: Name,
  DAYBOOK_FLAGS_PROFILE: Name,
} as const

export type Variable = keyof typeof VARIABLES

const STORE = [
  'DAYBOOK_STAGE',
  'DAYBOOK_EVENT_TABLE',
  'DAYBOOK_TIME_BOUNDS',
  'DAYBOOK_OBJECTS_BUCKET',
] as const satisfies ReadonlyArray<Variable>
const PERSONAL = ['DAYBOOK_SUBJECT_KEY_TABLE', 'DAYBOOK_PERSONAL_KEY'] as const satisfies ReadonlyArray<Variable>
const WRITES = [
  ...STORE,
  ...PERSONAL,
  'DAYBOOK_REQUEST_TABLE',
  'DAYBOOK_SNAPSHOT_TABLE',
  'DAYBOOK_RESERVATION_TABLE',
] as const satisfies ReadonlyArray<Variable>
const IDENTITY = ['DAYBOOK_ISSUER', 'DAYBOOK_JWKS_URL', 'DAYBOOK_CLIENT_IDS'] as const satisfies ReadonlyArray<Variable>
/** Of whoever reads feature flags. */
export const FLAGS = [
  'DAYBOOK_FLAGS_APPLICATION',
  'DAYBOOK_FLAGS_ENVIRONMENT',
  'DAYBOOK_FLAGS_PROFILE',
] as const satisfies ReadonlyArray<Variable>
const SEARCH = ['DAYBOOK_OPENSEARCH_URL', 'DAYBOOK_OPENSEARCH_AUTH'] as const satisfies ReadonlyArray<Variable>

/** What each function must be told: it refuses to start without, and does not get to know the rest. */
export const NEEDED = {
  'command-api': [...WRITES, ...IDENTITY],
  'query-api': [
    ...WRITES,
    ...IDENTITY,
    ...SEARCH,
    'DAYBOOK_RELEASE',
    'DAYBOOK_READER_URL',
    'DAYBOOK_PROJECTOR_URL',
    'DAYBOOK_TRAIL_BUCKET',
    'DAYBOOK_EXPORT_BUCKET',
    'DAYBOOK_EXPORT_FUNCTION',
  ],
  'subjects-api': [...WRITES, ...IDENTITY, 'DAYBOOK_OWNER_URL'],
  'project-views': [...STORE, ...PERSONAL, 'DAYBOOK_PROJECTOR_URL'],
  'project-search': [...STORE, ...SEARCH, 'DAYBOOK_PROJECTOR_URL'],
  archive: [...STORE, 'DAYBOOK_TRAIL_BUCKET', 'DAYBOOK_PROJECTOR_URL'],
  relay: [...STORE, 'DAYBOOK_EVENT_BUS'],
  process: [...WRITES, ...FLAGS, 'DAYBOOK_PROJECTOR_URL'],
  redrive: ['DAYBOOK_STAGE', 'DAYBOOK_FAILURES_BUCKET', 'DAYBOOK_PROJECTOR_URL'],
  seal: [...STORE, 'DAYBOOK_TRAIL_BUCKET', 'DAYBOOK_SIGNING_KEY'],
  'export-trail': [...STORE, 'DAYBOOK_TRAIL_BUCKET', 'DAYBOOK_EXPORT_BUCKET', 'DAYBOOK_SIGNING_KEY'],
  migrate: ['DAYBOOK_STAGE', 'DAYBOOK_OWNER_URL', ...SEARCH],
  'pre-token': ['DAYBOOK_STAGE'],
} as const satisfies { readonly [Name in FunctionName]: ReadonlyArray<Variable> }

export type VariableOf<Name extends FunctionName> = (typeof NEEDED)[Name][number]

/** The values of these variables. */
export type Told<Names extends Variable> = { readonly [V in Names]: t.TypeOf<(typeof VARIABLES)[V]> }

export type Environment<Name extends FunctionName> = Told<VariableOf<Name>>

/** Reads the variables of these names; tells of every one that is missing or wrong. */
export const readVariables = <Name extends Variable>(
  names: ReadonlyArray<Name>,
  env: unknown,
): E.Either<ReadonlyArray<Fault>, Told<Name>> => {
  const codec = t.strict(Object.fromEntries(names.map((variable) => [variable, VARIABLES[variable]])))
  // The record is made from the very names that the type is made from.
  return decode(codec, env) as E.Either<ReadonlyArray<Fault>, Told<Name>>
}

/** Reads what `name` needs; tells of every variable that is missing or wrong. */
export const readEnvironment = <Name extends FunctionName>(
  name: Name,
  env: NodeJS.ProcessEnv,
): E.Either<ReadonlyArray<Fault>, Environment<Name>> => readVariables<VariableOf<Name>>(NEEDED[name], env)

/** A function was told too little, or what cannot be: it must not run. */
export class InvalidEnvironment extends Error {
  override readonly name = 'InvalidEnvironment'
}

/** What `name` needs of this process' environment. Throws `InvalidEnvironment`, which names every variable that is missing or wrong. */
export const environmentOf = <Name extends FunctionName>(name: Name): Environment<Name> => {
  const environment = readEnvironment(name, process.env)
  if (E.isRight(environment)) return environment.right
  const faults = environment.left.map(({ pointer, message }) => {
    const variable = pointer.slice(1)
    return `${variable} ${process.env[variable] === undefined ? 'is missing' : message}`
  })
  throw new InvalidEnvironment(`${name} cannot run: ${faults.join('; ')}`)
}
