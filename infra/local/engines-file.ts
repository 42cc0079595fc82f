import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { readSettings, type Settings, writeSettings } from './settings.ts'

const fileIn = (dataDir: string): string => join(dataDir, 'engines.json')

/** Where tools that work on the engines themselves (`daybook replay`) find them. For its owner's eyes: it opens the database. */
export const publishEngines = (dataDir: string, settings: Settings): void => {
  const file = fileIn(dataDir)
  writeFileSync(`${file}.new`, `${JSON.stringify(writeSettings(settings))}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

export const withdrawEngines = (dataDir: string): void => rmSync(fileIn(dataDir), { force: true })

/** What a running instance has published; null where none runs. Throws when the file holds something else. */
export const readEngines = (dataDir: string): Settings | null => {
  const text = E.tryCatch(() => readFileSync(fileIn(dataDir), 'utf8'), E.toError)
  if (E.isLeft(text)) return null
  const settings = E.tryCatch(() => readSettings(JSON.parse(text.right)), E.toError)
  if (E.isRight(settings) && E.isRight(settings.right)) return settings.right.right
  throw new Error(`${fileIn(dataDir)} does not tell where the engines are: start the instance again`)
}
