import { existsSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import type { FlagValues } from '../../../schemas/flags.ts'
import { appConfigSource } from '../../flags/appconfig.ts'
import { fileSource, flagsFileIn } from '../../flags/file.ts'
import type { FlagSource } from '../../flags/last-good.ts'
import { readFlags } from '../../flags/read-flags.ts'
import { flagsPlaceOf } from '../../lambda/engines/flags.ts'
import { Failure, reasonOf } from '../failure.ts'
import type { GlobalOptions } from '../options.ts'
import { stageNamed } from '../stage.ts'

export type Shown = { readonly from: string; readonly flags: FlagValues }

/** What a source says now. Unlike those who work by flags, who looks at them is told why they are not to be had. */
const shown = async (from: string, read: FlagSource): Promise<Shown> => {
  const text = await read().catch((error: unknown) => {
    throw new Failure(`the flags cannot be read from ${from}: ${reasonOf(error)}`)
  })
  const flags = readFlags(text ?? '{}')
  if (E.isLeft(flags)) throw new Failure(`the flags of ${from} do not hold: ${flags.left}`)
  return { from, flags: flags.right }
}

/** The flags of the stage that was named, else those of the instance under the data directory. */
export const shownFlags = async ({ stage, dataDir }: GlobalOptions): Promise<Shown> => {
  if (stage === undefined) {
    const file = flagsFileIn(dataDir)
    return shown(existsSync(file) ? file : `${file}, which is not there`, fileSource(file))
  }
  const place = flagsPlaceOf(await stageNamed(stage))
  return shown(`AppConfig, application ${place.application}, environment ${place.environment}`, appConfigSource(place))
}
