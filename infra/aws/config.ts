import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as t from 'io-ts'
import { decode, type Fault } from '../../schemas/decode.ts'
import { strict } from '../../schemas/strict.ts'
import { HttpUrl, PostgresUrl } from '../../schemas/urls.ts'
import { BucketArn, Count, Email, Flag, KeyArn, Repository, SearchInstance } from './codecs.ts'
import { LEFT_OUT_OF_EMULATED, type Part } from './left-out.ts'
import { SETTINGS_OF_STAGES, STAGES, type Stage } from './stages.ts'

const SETTINGS = {
  /** `owner/name` on GitHub: its workflows may deploy, and it holds the runbooks. */
  repository: Repository,
  /** Who is told of alarms and of the budget. */
  alertEmail: Email,
  budgetDollarsAMonth: Count(1, 1_000_000),
  /** Keeps data when a stack is deleted, and forbids to delete tables, database and user pool. */
  keepsData: Flag,
  /** How long nobody, not even the account's owner, may delete what the trail holds. */
  trailLockedDays: Count(1, 36_500),
  logDays: Count(1, 3_653),
  availabilityZones: Count(2, 3),
  /** Halves of an Aurora capacity unit; a unit is about 2 GiB. */
  databaseMinHalfUnits: Count(1, 512),
  databaseMaxHalfUnits: Count(2, 512),
  searchInstance: SearchInstance,
  searchNodes: Count(2, 80),
  /** Of each node. */
  searchGiB: Count(10, 3_000),
  kinesisShards: Count(1, 1_000),
  requestsPerSecond: Count(1, 10_000),
  requestBurst: Count(1, 5_000),
  /** Requests that one address may send in five minutes. */
  requestsOfOneAddress: Count(10, 2_000_000),
  /** A new version of a function first gets a tenth of the requests. */
  canaryDeployment: Flag,
  mfaRequired: Flag,
  /** In another region, where all that the trail's bucket holds is copied to. */
  replicaBucketArn: BucketArn,
  /** Of that region, for the copies. */
  replicaKeyArn: KeyArn,
}
const Settings = strict(SETTINGS)
export type Settings = t.TypeOf<typeof Settings>

const ExternalEngines = t.strict({
  DAYBOOK_READER_URL: PostgresUrl,
  DAYBOOK_PROJECTOR_URL: PostgresUrl,
  DAYBOOK_OWNER_URL: PostgresUrl,
  DAYBOOK_OPENSEARCH_URL: HttpUrl,
  /** The emulator itself, which answers the keys of its user pools there. */
  AWS_ENDPOINT_URL: HttpUrl,
})
/** Engines of the `emulated` stage, from the environment. */
export type ExternalEngines = t.TypeOf<typeof ExternalEngines>

export type StageConfig = Settings & {
  readonly stage: Stage
  /** Whether the stage has this part (left-out.ts). */
  readonly has: (part: Part) => boolean
  readonly externalEngines?: ExternalEngines
}

type Context = { readonly [name: string]: unknown }
type Read<A> = E.Either<ReadonlyArray<string>, A>

/** Of every override in the context, so that one that is misspelt is told from what other tools leave there. */
const PREFIX = 'daybook:'

const namedBehind =
  (prefix: string) =>
  (faults: ReadonlyArray<Fault>): ReadonlyArray<string> =>
    faults.map(({ pointer, message }) => `${prefix}${pointer.slice(1)} ${message}`)

const stageIn = (context: Context): Read<Stage> => {
  const found = STAGES.find((stage) => stage === context['stage'])
  return found === undefined
    ? E.left([`stage must be one of ${STAGES.join(', ')}, not ${context['stage'] ?? 'none'}`])
    : E.right(found)
}

const overridesIn = (context: Context): Read<Context> => {
  const given = Object.entries(context).filter(([name]) => name.startsWith(PREFIX))
  const unknown = given.filter(([name]) => !Object.hasOwn(SETTINGS, name.slice(PREFIX.length)))
  return unknown.length > 0
    ? E.left(unknown.map(([name]) => `${name} is no setting`))
    : E.right(Object.fromEntries(given.map(([name, value]) => [name.slice(PREFIX.length), value])))
}

const settingsOf = (stage: Stage, overrides: Context): Read<Settings> =>
  pipe(
    decode(Settings, { ...SETTINGS_OF_STAGES[stage], ...overrides }),
    E.mapLeft(namedBehind(PREFIX)),
    E.filterOrElse(
      ({ databaseMinHalfUnits, databaseMaxHalfUnits }) => databaseMinHalfUnits <= databaseMaxHalfUnits,
      (): ReadonlyArray<string> => [`${PREFIX}databaseMinHalfUnits must not be more than databaseMaxHalfUnits`],
    ),
    E.filterOrElse(
      ({ replicaBucketArn, replicaKeyArn }) => (replicaBucketArn === 'none') === (replicaKeyArn === 'none'),
      (): ReadonlyArray<string> => [`${PREFIX}replicaKeyArn must be given with replicaBucketArn, and not without`],
    ),
  )

const emulated = (settings: Settings, env: NodeJS.ProcessEnv): Read<StageConfig> =>
  pipe(
    decode(ExternalEngines, env),
    E.bimap(
      namedBehind(''),
      (externalEngines): StageConfig => ({
        ...settings,
        stage: 'emulated',
        has: (part) => !Object.hasOwn(LEFT_OUT_OF_EMULATED, part),
        externalEngines,
      }),
    ),
  )

/**
 * The configuration of the stage that the context names (`-c stage=<stage>`), with overrides from it (`-c daybook:<setting>=<value>`);
 * or every fault, one line each, beginning with the name of what is missing, wrong or unknown.
 */
export const readConfig = (context: Context, env: NodeJS.ProcessEnv): Read<StageConfig> =>
  pipe(
    E.Do,
    E.apS('stage', stageIn(context)),
    E.apS('overrides', overridesIn(context)),
    E.bind('settings', ({ stage, overrides }) => settingsOf(stage, overrides)),
    E.chain(
      ({ stage, settings }): Read<StageConfig> =>
        stage === 'emulated' ? emulated(settings, env) : E.right({ ...settings, stage, has: () => true }),
    ),
  )
