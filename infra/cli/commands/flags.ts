import { type Command, Option } from 'commander'
import type { FlagValues } from '../../../schemas/flags.ts'
import { flagsFileIn, writeFlags } from '../../flags/file.ts'
import { type Shown, shownFlags } from '../flags/source.ts'
import { type GlobalOptions, parseHours, parseMoment, parseTenants } from '../options.ts'
import { printJson } from '../output.ts'

type SetOptions = GlobalOptions & {
  readonly enabled?: true
  readonly disabled?: true
  readonly since?: Date
  readonly afterHours?: number
  readonly tenant?: ReadonlyArray<string>
}
type Invoicing = NonNullable<FlagValues['automatic-invoicing']>

const inWords = ({ 'automatic-invoicing': invoicing }: FlagValues): string => {
  if (invoicing?.enabled !== true) return 'automatic-invoicing is off'
  const { since, afterHours, tenants } = invoicing
  const whose = tenants === undefined ? 'every tenant' : tenants.join(', ') || 'no tenant'
  return `automatic-invoicing is on: orders of ${whose} since ${since} are invoiced after ${afterHours} h`
}

const print = (json: boolean, shown: Shown): void => {
  if (json) printJson(shown)
  else process.stdout.write(`${inWords(shown.flags)}\n(${shown.from})\n`)
}

/** What the flag is to be; ends with a wrong usage where that is not said. */
const invoicingOf = (command: Command, { enabled, disabled, since, afterHours, tenant }: SetOptions): Invoicing => {
  if (disabled) return { enabled: false }
  if (!enabled) return command.error('error: say what the flag is to be: --enabled or --disabled')
  if (afterHours === undefined) return command.error('error: --enabled takes --after-hours')
  return {
    enabled: true,
    since: (since ?? new Date()).toISOString(),
    afterHours,
    ...(tenant !== undefined && { tenants: tenant }),
  }
}

const addSet = (flags: Command): void => {
  flags
    .command('set')
    .description('say what a flag of the instance is to be; it holds at once')
    .argument('<flag>', 'the flag')
    .option('--enabled', 'switch it on')
    .addOption(new Option('--disabled', 'switch it off').conflicts(['enabled', 'since', 'afterHours', 'tenant']))
    .option('--since <time>', 'for orders placed since then, RFC 3339 (default: now)', parseMoment)
    .option('--after-hours <hours>', 'how long after an order is placed it is invoiced', parseHours)
    .option('--tenant <tenant>', 'for this tenant alone; more of them where it is repeated', parseTenants)
    .action(async (flag: string, _, command: Command) => {
      const options = command.optsWithGlobals<SetOptions>()
      if (flag !== 'automatic-invoicing') command.error(`error: there is no flag ${flag}; there is automatic-invoicing`)
      if (options.stage !== undefined)
        command.error('error: flags of a stage are deployed, with its stack daybook-<stage>-flags')
      const invoicing = invoicingOf(command, options)
      const flags: FlagValues = { ...(await shownFlags(options)).flags, [flag]: invoicing }
      const from = flagsFileIn(options.dataDir)
      await writeFlags(from, flags)
      print(options.json, { from, flags })
    })
}

const addShow = (flags: Command): void => {
  flags
    .command('show', { isDefault: true })
    .description('tell what is switched on, and where that is said')
    .action(async (_, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>()
      print(options.json, await shownFlags(options))
    })
}

/** `flags`, `flags show`, `flags set FLAG` */
export const addFlags = (program: Command): void => {
  const flags = program.command('flags').description('what is switched on: show it, set it')
  addShow(flags)
  addSet(flags)
}
