import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../../infra/cli/main.ts', import.meta.url))

export type Finished = { readonly code: number | null; readonly stdout: string; readonly stderr: string }

export const newDataDir = (): string => mkdtempSync(join(tmpdir(), 'daybook-cli-'))

export const writeEndpoints = (dataDir: string, url: string): void =>
  writeFileSync(join(dataDir, 'endpoints.json'), JSON.stringify({ url }))

/** Starts the command line in a process of its own, as npm does. */
export const started = (
  args: ReadonlyArray<string>,
  environment: NodeJS.ProcessEnv = {},
): { readonly child: ChildProcess; readonly finished: Promise<Finished> } => {
  const env = { ...process.env, DAYBOOK_TOKEN: '', ...environment }
  const child = spawn(process.execPath, [MAIN, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const finished = new Promise<Finished>((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })))
  return { child, finished }
}

export const daybook = (...args: ReadonlyArray<string>): Promise<Finished> => started(args).finished
