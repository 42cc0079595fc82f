import { type Command, Option } from 'commander'
import { measuredSteps } from '../../rebuild/measured-steps.ts'
import { parseMoment, parseStream, parseTenant } from '../options.ts'
import { leavingMetrics } from '../replay/leaving-metrics.ts'
import { onEngines } from '../replay/on-engines.ts'
import { parseParallel, parseRate, type ReplayOptions } from '../replay/options.ts'
import { projectionNamed } from '../replay/projection-argument.ts'
import { REPLAYABLE, replayables } from '../replay/replayable.ts'
import { replayChanged, replayOne } from '../replay/replays.ts'
import { watching } from '../replay/watching.ts'

/** The projection that was named, undefined for all that changed; ends with a wrong usage where neither was asked for. */
const nameOf = (command: Command, name: string | undefined, { changed }: ReplayOptions): string | undefined => {
  if (name === undefined) {
    return changed ? undefined : command.error('error: name a projection, or rebuild all that changed with --changed')
  }
  if (changed) return command.error('error: --changed finds the projections by itself: name none')
  return projectionNamed(command, name, REPLAYABLE)
}

const run = (name: string | undefined, options: ReplayOptions): Promise<void> =>
  onEngines(options, 'replay', options.maxReadRate, async (engines, progress, signal) => {
    const onStep = watching(progress, engines.size, (line) => process.stderr.write(`${line}\n`))
    await leavingMetrics(options, async (metrics) => {
      const measure = (projection: string) => measuredSteps(metrics, projection, engines.size)
      const replay = { options, watch: { onStep, signal }, measure }
      const all = replayables(engines)
      if (name === undefined) await replayChanged(replay, all, engines.pool)
      for (const replayable of all.filter((each) => each.name === name)) await replayOne(replay, replayable)
    })
  })

/** `replay [PROJECTION]` */
export const addReplay = (program: Command): void => {
  const others = ['stream', 'asOf', 'dryRun', 'rollback', 'restart', 'abandon']
  const alone = (option: Option): Option => option.conflicts(others.filter((other) => other !== option.attributeName()))
  program
    .command('replay')
    .description(
      'rebuild a view from the events beside the one that serves, verify it, and let it serve; run again to go on after a stop',
    )
    .argument('[projection]', 'the view to rebuild')
    .option('--changed', "rebuild every view whose projection's version is not the one that serves")
    .option('--tenant <tenant>', "only this tenant's rows", parseTenant)
    .option('--parallel <count>', 'parts of the event table that are read side by side', parseParallel, 4)
    .option('--max-read-rate <commits>', 'commits a second that may be read', parseRate)
    .addOption(
      alone(
        new Option(
          '--stream <type/id>',
          'only bring this stream of --tenant up to date, and let it go if it was parked',
        ),
      ).argParser(parseStream),
    )
    .addOption(
      alone(new Option('--as-of <time>', 'build the view as it was then, in a schema beside, and let it be')).argParser(
        parseMoment,
      ),
    )
    .addOption(
      new Option('--from-archive', 'read the archive instead of the event table').conflicts(
        others.filter((other) => other !== 'restart'),
      ),
    )
    .addOption(alone(new Option('--dry-run', 'tell what it would take, and change nothing')))
    .addOption(alone(new Option('--rollback', 'let the generation serve again that served before')).conflicts('tenant'))
    .addOption(alone(new Option('--restart', 'begin anew instead of going on where an earlier run stopped')))
    .addOption(alone(new Option('--abandon', 'drop what an earlier run has built')).conflicts('tenant'))
    .action(async (projection: string | undefined, _, command: Command) => {
      const options = command.optsWithGlobals<ReplayOptions>()
      if (options.stream !== undefined && options.tenant === undefined) {
        command.error('error: a stream belongs to a tenant: name it with --tenant')
      }
      await run(nameOf(command, projection, options), options)
    })
}
