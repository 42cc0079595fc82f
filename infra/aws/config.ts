import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as t from 'io-ts'
import { decode, type Fault } from '../../schemas/decode.ts'
import { HttpUrl, PostgresUrl } from '../../schemas/urls.ts'
import { sizesOf } from './capacity/sizes.ts'
import { LEFT_OUT_OF_EMULATED, type Part } from './left-out.ts'
import { SETTINGS, Settings } from './settings.ts'
import { SETTINGS_OF_STAGES, STAGES, type Stage } from './stages.ts'

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

/** What sizes follow from. */
const { transactionsADay, peakFactor, availabilityZones } = SETTINGS
const Sizing = t.type({ transactionsADay, peakFactor, availabilityZones })

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

/** What is said of a stage, and the sizes that follow from it where none is said. */
const sized = (stage: Stage, overrides: Context): Context => {
  const stated = { ...SETTINGS_OF_STAGES[stage], ...overrides }
  const load = decode(Sizing, stated)
  // A load that cannot be is told by its name, not by the sizes that would be missing.
  return { ...sizesOf(E.isRight(load) ? load.right : SETTINGS_OF_STAGES[stage]), ...stated }
}

const settingsOf = (stage: Stage, overrides: Context): Read<Settings> =>
  pipe(
    decode(Settings, sized(stage, overrides)),
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
