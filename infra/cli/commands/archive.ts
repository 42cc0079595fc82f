import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { type Verified, verifyArchive } from '../../archive/verify.ts'
import { fileObjects } from '../../objects/files.ts'
import type { ConditionalObjects } from '../../objects/port.ts'
import { s3Client, s3Objects } from '../../objects/s3.ts'
import { Failure } from '../failure.ts'
import type { GlobalOptions } from '../options.ts'
import { printJson } from '../output.ts'
import { progressOn } from '../progress.ts'
import { stageNamed } from '../stage.ts'

const inWords = ({ hours, commits, streams, faults, examples }: Verified): string =>
  [
    `${hours} hours, ${commits} commits of ${streams} streams, ${faults} faults`,
    ...examples,
    ...(faults > examples.length ? [`and ${faults - examples.length} more`] : []),
  ]
    .map((line) => `${line}\n`)
    .join('')

const archiveOf = async ({ dataDir, stage }: GlobalOptions): Promise<ConditionalObjects> => {
  if (stage !== undefined) return s3Objects(s3Client(), (await stageNamed(stage)).DAYBOOK_TRAIL_BUCKET)
  if (existsSync(join(dataDir, 'archive'))) return fileObjects(dataDir)
  throw new Failure(`no archive under ${dataDir}: nothing was committed there yet, or --data-dir names another place`)
}

const verified = async (options: GlobalOptions): Promise<Verified> => {
  const objects = await archiveOf(options)
  const progress = progressOn(process.stderr)
  progress.begin('commits', null)
  try {
    return await verifyArchive(objects, progress.advance)
  } finally {
    progress.end()
  }
}

/** `archive verify` */
export const addArchive = (program: Command): void => {
  program
    .command('archive')
    .description('look after the archive of all commits')
    .command('verify')
    .description('read the whole archive and check every object, commit and chain of hashes')
    .action(async (_, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>()
      const result = await verified(options)
      if (options.json) printJson(result)
      else process.stdout.write(inWords(result))
      const [first] = result.examples
      if (first !== undefined) throw new Failure(`the archive is not intact: ${first}`)
    })
}
