import { type Command, InvalidArgumentError, Option } from 'commander'
import type { ReadModel } from '../../../projections/read-model.ts'
import { postgresProjections } from '../../../projections/registry.ts'
import type { Difference } from '../../rebuild/differences.ts'
import type { RebuildDeps, Watch } from '../../rebuild/terms.ts'
import { verifyFull } from '../../rebuild/verify-full.ts'
import { verifySample } from '../../rebuild/verify-sample.ts'
import { Failure } from '../failure.ts'
import type { GlobalOptions } from '../options.ts'
import { printJson } from '../output.ts'
import { onEngines } from '../replay/on-engines.ts'
import { projectionNamed } from '../replay/projection-argument.ts'
import { watching } from '../replay/watching.ts'

type Options = GlobalOptions & { readonly sample: number; readonly full?: true }

/** Differences of a table that are told one by one. */
const MOST = 100
const SEGMENTS = 4

type Verified = {
  readonly projection: string
  readonly compared: string
  readonly differences: ReadonlyArray<Difference>
}

const parseSample = (value: string): number => {
  const count = /^\d{1,6}$/.test(value) ? Number(value) : 0
  if (count >= 1) return count
  throw new InvalidArgumentError('It must be a whole number from 1 to 999999.')
}

const verify = async (
  deps: RebuildDeps,
  model: ReadModel,
  { sample, full }: Options,
  watch: Watch,
): Promise<Verified> => {
  const projection = model.name
  if (full) {
    const { differences, late } = await verifyFull(deps, model, SEGMENTS, MOST, watch)
    return {
      projection,
      compared: `every row${late > 0 ? `; ${late} streams are behind the event store` : ''}`,
      differences,
    }
  }
  const { differences, streams, sharedRows } = await verifySample(deps, model, sample, watch)
  return { projection, compared: `a sample of ${streams} streams and ${sharedRows} shared rows`, differences }
}

const differenceInWords = ({ table, key, expected, found }: Difference): string =>
  `  ${table} ${JSON.stringify(key)}: holds ${found === null ? 'nothing' : JSON.stringify(found)}, the events say ${expected === null ? 'nothing' : JSON.stringify(expected)}\n`

const inWords = ({ projection, compared, differences }: Verified): string =>
  `${projection}: ${differences.length === 0 ? 'as the events say' : `${differences.length} rows differ`} (${compared})\n${differences.map(differenceInWords).join('')}`

const run = (models: ReadonlyArray<ReadModel>, options: Options): Promise<ReadonlyArray<Verified>> =>
  onEngines(options, 'verify-views', undefined, async (engines, progress, signal) => {
    const verified: Verified[] = []
    for (const model of models) {
      const onStep = watching(progress, engines.size, () => {})
      verified.push(await verify(engines, model, options, { onStep, signal }))
      progress.end()
    }
    return verified
  })

const modelsOf = (command: Command, asked: string | undefined): ReadonlyArray<ReadModel> => {
  if (asked === undefined) return postgresProjections
  const there = postgresProjections.map(({ name }) => name)
  const found = projectionNamed(command, asked, there)
  return postgresProjections.filter(({ name }) => name === found)
}

/** `verify-views [PROJECTION]` */
export const addVerifyViews = (program: Command): void => {
  program
    .command('verify-views')
    .description(
      'compare views with the fold of the events and name the rows that differ; exits with 1 if there are any',
    )
    .argument('[projection]', 'the view to look at; default all')
    .option('--sample <count>', 'streams, and rows that streams share, to look at', parseSample, 100)
    .addOption(new Option('--full', 'compare every row with a fold of all events').conflicts('sample'))
    .action(async (projection: string | undefined, _, command: Command) => {
      const options = command.optsWithGlobals<Options>()
      const verified = await run(modelsOf(command, projection), options)
      if (options.json) printJson({ projections: verified })
      else process.stdout.write(verified.map(inWords).join(''))
      const wrong = verified.filter(({ differences }) => differences.length > 0)
      if (wrong.length > 0) {
        const names = wrong.map((each) => each.projection).join(', ')
        throw new Failure(`rows of ${names} are not what the events say: daybook replay makes them anew`)
      }
    })
}
