import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Argument, Command, CommanderError } from 'commander'
import { printJson } from '../../infra/cli/output.ts'
import type { Suite } from './bench.ts'
import { cleaningUp } from './clean-up.ts'
import { machineWith } from './machine.ts'
import { type Report, remarksOf, resultsOf, tableOf } from './report.ts'
import { type MeasuredCase, runCase } from './run.ts'
import { audit } from './suites/audit.ts'
import { e2e } from './suites/e2e.ts'
import { lambda } from './suites/lambda.ts'
import { projections } from './suites/projections.ts'
import { store } from './suites/store.ts'

/** Every suite; a new one is a file and a line here. */
const SUITES: Readonly<Record<string, Suite>> = { e2e, store, projections, audit, lambda }

const FULL_ROUNDS = 5
const QUICK_ROUNDS = 3

type Options = { readonly quick: boolean; readonly case?: ReadonlyArray<string> }

const runSuite = (name: string, suite: Suite, options: Options, signal: AbortSignal): Promise<Report> =>
  cleaningUp(async (cleanUp) => {
    const dir = await mkdtemp(join(tmpdir(), 'daybook-bench-'))
    cleanUp.defer(() => rm(dir, { recursive: true, force: true }))
    const { engines, cases } = await suite({ quick: options.quick, dir, cleanUp })
    const names = cases.map((one) => one.name)
    const unknown = options.case?.find((wanted) => !names.includes(wanted))
    if (unknown !== undefined) throw new Error(`${name} has no case ${unknown}; its cases are ${names.join(', ')}`)
    const measured: MeasuredCase[] = []
    for (const one of cases.filter((each) => options.case?.includes(each.name) ?? true)) {
      process.stderr.write(`measuring ${one.name}\n`)
      measured.push(await runCase(one, { rounds: options.quick ? QUICK_ROUNDS : FULL_ROUNDS, signal }))
    }
    return { suite: name, quick: options.quick, machine: machineWith(engines), results: measured.flatMap(resultsOf) }
  })

const createProgram = (signal: AbortSignal): Command =>
  new Command('bench')
    .description('Measures Daybook against the least that must be done without it, on local engines.')
    .addArgument(new Argument('<suite>', 'what to measure').choices(Object.keys(SUITES)))
    .option('--quick', 'fewer operations and rounds: finishes in under a minute', false)
    .option('--case <name...>', 'only these cases')
    .exitOverride()
    .action(async (name: string, options: Options) => {
      const suite = SUITES[name]
      if (suite === undefined) return
      const report = await runSuite(name, suite, options, signal)
      process.stderr.write(`\n${tableOf(report.results)}${remarksOf(report.results)}`)
      printJson(report)
    })

/**
 * Runs one command line (without program and script): the table to stderr, one JSON document to stdout. Answers its exit code:
 * 0 success, 1 failure, 2 wrong usage. Never throws; a failure is one line on stderr.
 */
export const run = async (args: ReadonlyArray<string>, signal: AbortSignal): Promise<number> => {
  try {
    await createProgram(signal).parseAsync(args, { from: 'user' })
    return 0
  } catch (error) {
    // Commander has printed its own errors, and help on success.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    process.stderr.write(`error: ${error instanceof Error ? error.message : error}\n`)
    return 1
  }
}
