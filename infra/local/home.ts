import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { flagsFileIn } from '../flags/file.ts'
import { publishEngines, withdrawEngines } from './engines-file.ts'
import { rotateLogs } from './log-rotation.ts'
import type { Settings } from './settings.ts'

/** Where an instance keeps its things. */
export type Home = {
  /** Data directory of the API and the feeds. */
  readonly stateDir: string
  readonly logDir: string
  readonly engineDir: (name: string) => string
  readonly logFile: (name: string) => string
  /** Tells clients where to find the instance (`{"url": …}`) and operators' tools where its engines are; seen whole or not at all. */
  readonly publish: (settings: Settings) => void
  readonly withdraw: () => void
  /** Directories that go when the instance ends, however it does. */
  readonly passing: ReadonlyArray<string>
  /** Directories that go with a good end; after another, somebody will want to read the logs. */
  readonly passingLogs: ReadonlyArray<string>
}

const endpoints = (dataDir: string): Pick<Home, 'publish' | 'withdraw'> => {
  const file = join(dataDir, 'endpoints.json')
  return {
    publish: (settings) => {
      publishEngines(dataDir, settings)
      writeFileSync(`${file}.new`, `${JSON.stringify({ url: settings.publicUrl })}\n`)
      renameSync(`${file}.new`, file)
    },
    withdraw: () => {
      rmSync(file, { force: true })
      withdrawEngines(dataDir)
    },
  }
}

const homeIn = (dataDir: string, stateDir: string): Omit<Home, 'passing' | 'passingLogs'> => {
  const logDir = join(dataDir, 'logs')
  rotateLogs(logDir)
  return {
    stateDir,
    logDir,
    engineDir: (name) => join(stateDir, 'engines', name),
    logFile: (name) => join(logDir, `${name}.log`),
    ...endpoints(dataDir),
  }
}

export const persistentHome = (dataDir: string): Home => ({ ...homeIn(dataDir, dataDir), passing: [], passingLogs: [] })

/**
 * A home in a temporary directory. Keys, logs and flags lie in the data directory all the same, where the command line and the user
 * look for them; keys and logs go like the rest, unless they were there before. `isNew`: the data directory itself was not.
 */
export const ephemeralHome = (dataDir: string, isNew: boolean): Home => {
  const stateDir = mkdtempSync(join(tmpdir(), 'daybook-'))
  const keys = join(dataDir, 'keys')
  const [newKeys, newLogs] = [keys, join(dataDir, 'logs')].map((dir) => (existsSync(dir) ? [] : [dir]))
  mkdirSync(keys, { recursive: true, mode: 0o700 })
  symlinkSync(keys, join(stateDir, 'keys'))
  symlinkSync(join(dataDir, 'logs'), join(stateDir, 'logs'))
  symlinkSync(flagsFileIn(dataDir), flagsFileIn(stateDir))
  return {
    ...homeIn(dataDir, stateDir),
    passing: [stateDir, ...(newKeys ?? [])],
    passingLogs: isNew ? [dataDir] : (newLogs ?? []),
  }
}
