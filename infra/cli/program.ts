import { Command, CommanderError } from 'commander'
import daybook from '../../package.json' with { type: 'json' }
import { addArchive } from './commands/archive.ts'
import { addAudit } from './commands/audit.ts'
import { addErase } from './commands/erase.ts'
import { addFlags } from './commands/flags.ts'
import { addImportOnlineRetail } from './commands/import-online-retail.ts'
import { addParked } from './commands/parked.ts'
import { addRelay } from './commands/relay.ts'
import { addReplay } from './commands/replay.ts'
import { addStatus } from './commands/status.ts'
import { addToken } from './commands/token.ts'
import { addTrace } from './commands/trace.ts'
import { addVerifyViews } from './commands/verify-views.ts'
import { Failure, reasonOf } from './failure.ts'
import { parseStage, parseUrl } from './options.ts'

const FAILED = 1
const WRONG_USAGE = 2

/** All commands, before any has run. */
export const createProgram = (): Command => {
  const program = new Command('daybook')
    .description('Works against a running Daybook.')
    .version(daybook.version)
    .option('--data-dir <dir>', 'where the instance keeps its data', '.daybook')
    .option('--url <url>', 'base URL of the instance, instead of the one under the data directory', parseUrl)
    .option(
      '--stage <stage>',
      'a stage on AWS, found by your credentials, instead of an instance on this machine',
      parseStage,
    )
    .option('--token <token>', 'bearer token, instead of one signed with the keys under the data directory')
    .option('--json', 'print results as JSON', false)
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
  addToken(program)
  addImportOnlineRetail(program)
  addStatus(program)
  addParked(program)
  addTrace(program)
  addReplay(program)
  addVerifyViews(program)
  addArchive(program)
  addAudit(program)
  addErase(program)
  addFlags(program)
  addRelay(program)
  return program
}

/**
 * Runs one command line (without program and script) and answers its exit code: 0 success, 1 failure, 2 wrong usage, 130
 * stopped by the user. Never throws; a failure is one line on stderr.
 */
export const run = async (args: ReadonlyArray<string>): Promise<number> => {
  try {
    await createProgram().parseAsync(args, { from: 'user' })
    return 0
  } catch (error) {
    // Commander has printed its own errors, and help and version on success.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_USAGE
    process.stderr.write(`error: ${reasonOf(error)}\n`)
    return error instanceof Failure ? error.exitCode : FAILED
  }
}
