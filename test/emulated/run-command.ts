import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

export type Ran = { readonly code: number; readonly stdout: string; readonly stderr: string }

export type Command = {
  readonly file: string
  readonly args: ReadonlyArray<string>
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
}

/** Runs a command to its end, whatever its exit code. */
export const attempt = async ({ file, args, env, cwd }: Command): Promise<Ran> => {
  const child = spawn(file, args, { env: { ...process.env, ...env }, cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { code: Number(code), stdout, stderr }
}

/** What it printed; rejects, with all that it said, when it does not exit with 0. */
export const runCommand = async (command: Command): Promise<string> => {
  const { code, stdout, stderr } = await attempt(command)
  if (code === 0) return stdout
  throw new Error(`${command.file} ${command.args.join(' ')} exited ${code}:\n${stdout}\n${stderr}`)
}
