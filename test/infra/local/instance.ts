import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as t from 'io-ts'
import { onTestFinished } from 'vitest'
import { eventually } from './eventually.ts'

const MAIN = fileURLToPath(new URL('./stand-ins/main.ts', import.meta.url))
const Endpoints = t.type({ url: t.string })
const Told = t.type({ pid: t.number, env: t.record(t.string, t.string) })

export type Instance = {
  readonly child: ChildProcess
  readonly dataDir: string
  readonly output: () => { readonly out: string; readonly err: string }
  readonly exitCode: Promise<number | null>
  /** The base URL, once the instance says that it is ready. */
  readonly url: () => Promise<string>
}

const collected = (stream: NodeJS.ReadableStream | null): (() => string) => {
  const chunks: string[] = []
  stream?.on('data', (chunk) => chunks.push(String(chunk)))
  return () => chunks.join('')
}

/** The supervisor with stand-ins for the API and the feeds, and with somebody's own OpenSearch, which starts none. */
export const startSupervisor = (dataDir: string, ...args: ReadonlyArray<string>): Instance => {
  const child = spawn(process.execPath, [MAIN, '--port', '0', '--data-dir', dataDir, ...args], {
    env: { ...process.env, OPENSEARCH_URL: 'http://127.0.0.1:9' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [out, err] = [collected(child.stdout), collected(child.stderr)]
  const exitCode = once(child, 'close').then(([code]) => (typeof code === 'number' ? code : null))
  const file = join(dataDir, 'endpoints.json')
  return {
    child,
    dataDir,
    output: () => ({ out: out(), err: err() }),
    exitCode,
    url: () =>
      eventually('the instance is ready', () => {
        if (child.exitCode !== null) throw new Error(`the supervisor ended: ${err()}`)
        const endpoints: unknown = JSON.parse(readFileSync(file, 'utf8'))
        return Endpoints.is(endpoints) && out().includes(`ready at ${endpoints.url}\n`) ? endpoints.url : null
      }),
  }
}

/** What the API's stand-in was told. */
export const toldTo = async (url: string): Promise<t.TypeOf<typeof Told>> => {
  const told: unknown = await (await fetch(url)).json()
  if (!Told.is(told)) throw new Error('the stand-in answers something else')
  return told
}

type Listed = { readonly pid: number; readonly parent: number; readonly command: string }

/** Every process of the machine, by ps(1), which Linux and macOS have. */
const listed = (): ReadonlyArray<Listed> =>
  execFileSync('ps', ['-A', '-ww', '-o', 'pid=,ppid=,args='], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .map(([pid, parent, ...command]) => ({ pid: Number(pid), parent: Number(parent), command: command.join(' ') }))

/** The processes below this one, at any depth. */
export const descendantsOf = (pid: number): ReadonlyArray<number> => {
  const all = listed()
  const below = (parent: number): ReadonlyArray<number> =>
    all.filter((process) => process.parent === parent).flatMap((child) => [child.pid, ...below(child.pid)])
  return below(pid)
}

/** The direct child whose command line holds this text. */
export const childNamed = (parent: number | undefined, text: string): number => {
  const found = listed().find((process) => process.parent === parent && process.command.includes(text))
  if (found === undefined) throw new Error(`no child of ${parent} is called ${text}`)
  return found.pid
}
