import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { EngineFault, type EngineOptions } from './engine.ts'
import { giveTo, type Runner } from './not-as-root.ts'
import { spawnProcess } from './spawn-process.ts'

export type Cluster = { readonly dir: string; readonly user: string; readonly password: string }

const USER = 'daybook'

const newPassword = (file: string): void =>
  writeFileSync(file, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 })

const initialise = async (
  initdb: string,
  runner: Runner,
  draft: string,
  passwordFile: string,
  { logFile, onSpawn }: EngineOptions,
): Promise<void> => {
  const { exited } = await spawnProcess({
    name: 'initdb',
    ...runner.command(initdb, [
      ...['-D', draft, '-U', USER, `--pwfile=${passwordFile}`, '-A', 'scram-sha-256', '-E', 'UTF8'],
      ...['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--lc-messages=C'],
    ]),
    ...(runner.user ?? {}),
    cwd: draft,
    logFile,
    onSpawn,
  })
  const { code } = await exited
  if (code !== 0) throw new EngineFault(`Postgres cannot make its data directory; its log is ${logFile}`)
}

/**
 * The database cluster in the engine's data directory, made when there is none, with a random password that stays beside it
 * (0600). It is made elsewhere and moved to its place whole, so that an initdb that was killed leaves no half of one.
 */
export const openCluster = async (initdb: string, runner: Runner, options: EngineOptions): Promise<Cluster> => {
  const root = options.dataDir
  const dir = join(root, 'cluster')
  const draft = join(root, 'cluster.new')
  const passwordFile = join(root, 'password')
  const isNew = !existsSync(dir)
  mkdirSync(root, { recursive: true, mode: 0o700 })
  if (isNew) {
    newPassword(passwordFile)
    rmSync(draft, { recursive: true, force: true })
    mkdirSync(draft, { mode: 0o700 })
  }
  giveTo(runner, root)
  if (isNew) {
    await initialise(initdb, runner, draft, passwordFile, options)
    renameSync(draft, dir)
  }
  return { dir, user: USER, password: readFileSync(passwordFile, 'utf8').trim() }
}
