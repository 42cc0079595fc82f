import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { EngineFault } from './engine.ts'
import { giveTo, type Runner } from './not-as-root.ts'

const execute = promisify(execFile)

export type Cluster = { readonly dir: string; readonly user: string; readonly password: string }

const USER = 'daybook'

const passwordIn = (file: string): string => {
  if (!existsSync(file)) writeFileSync(file, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 })
  return readFileSync(file, 'utf8').trim()
}

const initialise = async (initdb: string, runner: Runner, draft: string, passwordFile: string): Promise<void> => {
  const { file, args } = runner.command(initdb, [
    ...['-D', draft, '-U', USER, `--pwfile=${passwordFile}`, '-A', 'scram-sha-256', '-E', 'UTF8'],
    ...['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--lc-messages=C'],
  ])
  try {
    await execute(file, args, { cwd: draft, ...(runner.user ?? {}) })
  } catch (error) {
    throw new EngineFault(`Postgres cannot make its data directory: ${error instanceof Error ? error.message : error}`)
  }
}

/**
 * The database cluster under `root`, made when there is none, with a random password that stays beside it (0600). It is made
 * elsewhere and moved to its place whole, so that an initdb that was killed leaves no half of one.
 */
export const openCluster = async (initdb: string, runner: Runner, root: string): Promise<Cluster> => {
  mkdirSync(root, { recursive: true, mode: 0o700 })
  const passwordFile = join(root, 'password')
  const password = passwordIn(passwordFile)
  const dir = join(root, 'cluster')
  const draft = join(root, 'cluster.new')
  rmSync(draft, { recursive: true, force: true })
  if (!existsSync(dir)) mkdirSync(draft, { mode: 0o700 })
  giveTo(runner, root)
  if (!existsSync(dir)) {
    await initialise(initdb, runner, draft, passwordFile)
    renameSync(draft, dir)
  }
  return { dir, user: USER, password }
}
