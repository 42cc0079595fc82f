import * as E from 'fp-ts/lib/Either.js'
import { readEngines } from '../local/engines-file.ts'
import { readSettings, type Settings } from '../local/settings.ts'
import { Failure } from './failure.ts'
import type { GlobalOptions } from './options.ts'

/** Where the engines are that a command works on itself: those of the instance under the data directory, else what the environment names. */
export const enginesOf = ({ dataDir }: GlobalOptions): Settings => {
  const published = readEngines(dataDir)
  if (published !== null) return published
  const given = readSettings(process.env)
  if (E.isRight(given)) return given.right
  throw new Failure(
    `no running instance under ${dataDir}: start one with npm start or name it with --data-dir (this works on the engines themselves, so --url is not enough)`,
  )
}
