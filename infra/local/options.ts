import { resolve } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import * as t from 'io-ts'

const Parsed = t.readonly(t.type({ port: t.number, dataDir: t.string, ephemeral: t.boolean }))
/** `port` 0: any free one. `dataDir` is absolute. */
export type Options = t.TypeOf<typeof Parsed>

const port = (text: string): number => {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw new InvalidArgumentError('must be from 0 to 65535')
  return Number(text)
}

/** Reads the arguments behind `npm start --`. Ends the process after `--help` (0) and on wrong usage (2). */
export const parseOptions = (argv: ReadonlyArray<string>): Options => {
  const command = new Command('npm start --')
    .description('Starts Daybook with all of its engines on this machine.')
    .option('--port <port>', 'port of the API on 127.0.0.1; 0 takes a free one', port, 4000)
    .option('--data-dir <dir>', 'where everything is kept', '.daybook')
    .option('--ephemeral', 'keep nothing', false)
    .allowExcessArguments(false)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  const options: unknown = command.parse(argv).opts()
  if (!Parsed.is(options)) throw new Error('options do not have their declared shape')
  return { ...options, dataDir: resolve(options.dataDir) }
}
