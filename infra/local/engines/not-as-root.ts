import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { EngineFault } from './engine.ts'

type User = { readonly uid: number; readonly gid: number }

/** How a program that refuses to run as root is run, and who must own its data for that. */
export type Runner = {
  /** Null: whoever we are. */
  readonly owner: User | null
  /** Null: as ourselves. */
  readonly user: User | null
  readonly command: (
    file: string,
    args: ReadonlyArray<string>,
  ) => { readonly file: string; readonly args: ReadonlyArray<string> }
}

const ROOT: User = { uid: 0, gid: 0 }

const unchanged: Runner['command'] = (file, args) => ({ file, args })

/** `postgres` where a distribution's package made it, else `nobody`, which every system has. */
const anotherUser = (): User => {
  const entries = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  const entry = ['postgres', 'nobody'].flatMap((name) => entries.filter((fields) => fields[0] === name))[0]
  if (entry === undefined)
    throw new EngineFault('Postgres does not run as root, and there is no user postgres or nobody')
  return { uid: Number(entry[2]), gid: Number(entry[3]) }
}

/** Root, who takes itself for `user` (user_namespaces(7)): enters root's directories, and owns its data as root. */
const inNamespaceAs =
  ({ uid, gid }: User): Runner['command'] =>
  (file, args) => ({ file: 'unshare', args: ['--user', `--map-user=${uid}`, `--map-group=${gid}`, file, ...args] })

/** Whether a run that way may execute `program` and enter the directory that holds `dataDir`. */
const reaches = ({ user, command }: Runner, program: string, dataDir: string): boolean => {
  const { file, args } = command('test', ['-x', program, '-a', '-x', dirname(dataDir)])
  return spawnSync(file, args, { cwd: '/', ...(user ?? {}) }).status === 0
}

/**
 * Postgres refuses to run as root. As root this runs it as another user or, where that user may not enter the directories
 * on the way (a checkout in root's home), in a user namespace of its own. Throws `EngineFault` when neither is possible.
 */
export const runnerFor = (program: string, dataDir: string): Runner => {
  if (process.getuid?.() !== 0) return { owner: null, user: null, command: unchanged }
  const user = anotherUser()
  const runners: ReadonlyArray<Runner> = [
    { owner: user, user, command: unchanged },
    { owner: ROOT, user: null, command: inNamespaceAs(user) },
  ]
  const runner = runners.find((candidate) => reaches(candidate, program, dataDir))
  if (runner !== undefined) return runner
  throw new EngineFault(
    `Postgres does not run as root, and no other user may enter ${dataDir} and ${dirname(program)}: ` +
      'start as another user, or where everybody may enter',
  )
}

/** Gives a directory and all below it to the runner's owner. */
export const giveTo = ({ owner }: Runner, dir: string): void => {
  if (owner !== null) spawnSync('chown', ['-R', `${owner.uid}:${owner.gid}`, dir])
}
