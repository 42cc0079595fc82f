import type { Command } from 'commander'
import type { StreamName } from '../../event-store/port.ts'
import type { RelayedAgain } from '../../relay/again.ts'
import { Failure } from '../failure.ts'
import { type GlobalOptions, parseStream, parseTenant, parseVersion } from '../options.ts'
import { oneLine, printJson } from '../output.ts'
import { stageRelay } from '../stage-engines.ts'

type Options = GlobalOptions & {
  readonly tenant: string
  readonly stream: Pick<StreamName, 'type' | 'id'>
  readonly fromVersion: number
}

const NO_BUS = 'an instance on this machine has no event bus: name a stage by --stage'

const inWords = (stream: string, { relayed, refused }: RelayedAgain): string =>
  [
    `${relayed} events of ${stream} are on the bus`,
    ...refused.map(({ version, reason }) => `not the one at version ${version}: ${oneLine(reason)}`),
  ]
    .map((line) => `${line}\n`)
    .join('')

/** `relay --stream TYPE/ID --tenant T --stage S` */
export const addRelay = (program: Command): void => {
  program
    .command('relay')
    .description('put the public events of a stream on the event bus once more, under the ids that they have')
    .requiredOption('--tenant <tenant>', 'whose stream it is', parseTenant)
    .requiredOption('--stream <type/id>', 'which stream', parseStream)
    .option('--from-version <version>', 'only events from this version on', parseVersion, 1)
    .action(async (_, command: Command) => {
      const { stage, tenant, stream, fromVersion, json } = command.optsWithGlobals<Options>()
      if (stage === undefined) throw new Failure(NO_BUS)
      const again = await stageRelay(stage)
      const told = await again({ tenant, ...stream }, fromVersion)
      const name = `${stream.type}/${stream.id}`
      if (told.commits === 0) throw new Failure(`${tenant} has no stream ${name}`)
      if (json) printJson(told)
      else process.stdout.write(inWords(name, told))
      if (told.failed !== null) throw new Failure(`the bus took no more: ${told.failed}`)
      if (told.refused.length > 0) throw new Failure(`${told.refused.length} events of ${name} were refused`)
    })
}
