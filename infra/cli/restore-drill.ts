import { Command } from 'commander'
import { postgresProjections } from '../../projections/registry.ts'
import { checkpointTableOf } from '../views/checkpoint-table.ts'
import { reasonOf } from './failure.ts'
import { parseStage, parseTenant } from './options.ts'
import { run } from './program.ts'
import { onEngines } from './replay/on-engines.ts'
import { REPLAYABLE } from './replay/replayable.ts'

type Options = {
  readonly tenant: string
  readonly out: string
  readonly to?: string
  readonly dropViews?: true
  readonly stage?: string
  readonly dataDir: string
}

const TABLES = postgresProjections.flatMap(({ name, tables }) => [
  checkpointTableOf(name),
  ...tables.map((table) => table.name),
])

/** What is younger than this an export would have to wait for (AWS_BOUNDS). */
const LAG_MS = 10 * 60_000

/** All views at once, so that nobody sees a report of some. */
const emptyViews = (options: Options): Promise<void> =>
  onEngines({ ...options, json: false }, 'restore-drill', undefined, async ({ pool }) => {
    await pool.query(`TRUNCATE ${TABLES.join(', ')}`)
  })

const daybook =
  (...args: ReadonlyArray<string>) =>
  async (): Promise<void> => {
    const code = await run(args)
    if (code !== 0) throw new Error(`daybook ${args.join(' ')} exited ${code}`)
  }

/** What is done, in this order; the first step that fails ends the drill. */
const stepsOf = (options: Options): ReadonlyArray<readonly [string, () => Promise<void>]> => {
  const { tenant, out, to = new Date(Date.now() - LAG_MS).toISOString(), stage, dataDir } = options
  const where = stage === undefined ? ['--data-dir', dataDir] : ['--stage', stage]
  return [
    ['export the trail', daybook('audit', 'export', '--tenant', tenant, '--to', to, '--out', out, ...where)],
    ['verify the export', daybook('audit', 'verify', out, ...where)],
    ['empty the views', () => emptyViews(options)],
    ...REPLAYABLE.map((name) => [`rebuild ${name}`, daybook('replay', name, ...where)] as const),
    ['compare every row of the views with the events', daybook('verify-views', '--full', ...where)],
    ['verify the event store against its digests', daybook('audit', 'verify', '--live', '--tenant', tenant, ...where)],
  ]
}

const drill = async (options: Options): Promise<void> => {
  const from = performance.now()
  for (const [name, step] of stepsOf(options)) {
    process.stderr.write(`== ${name}\n`)
    await step()
  }
  process.stdout.write(`restored in ${((performance.now() - from) / 1_000).toFixed(1)} s\n`)
}

const program = new Command('restore-drill')
  .description('Exports the trail, empties all views, rebuilds and verifies them: what a restore takes, and how long.')
  .requiredOption('--tenant <tenant>', 'whose trail is exported and verified', parseTenant)
  .requiredOption('--out <dir>', 'where the export goes: a directory that is not there yet')
  .option('--to <time>', 'until when it exports; default ten minutes ago, so that it need not wait')
  .option('--stage <stage>', 'a stage on AWS; without it, an instance on this machine', parseStage)
  .option('--data-dir <dir>', 'where the instance keeps its data', '.daybook')
  .option('--drop-views', 'agree that views answer nothing until they are rebuilt: never where somebody reads them')
  .action(async (options: Options, command: Command) => {
    if (!options.dropViews) command.error('error: it empties all views: agree to that by --drop-views', { exitCode: 2 })
    await drill(options)
  })

try {
  await program.parseAsync()
} catch (error) {
  process.stderr.write(`error: ${reasonOf(error)}\n`)
  process.exitCode = 1
}
