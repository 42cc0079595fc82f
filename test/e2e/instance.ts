import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

export type CommandLine = { readonly code: number; readonly stdout: string; readonly stderr: string }
export type Answer = { readonly status: number; readonly headers: Headers; readonly json: unknown }

/** Asks again, a little later each time, until `isSo` or the time is over; then the last answer decides. */
export const eventually = async <A>(
  ask: () => Promise<A>,
  isSo: (answer: A) => boolean,
  withinMs = 60_000,
): Promise<A> => {
  const deadline = performance.now() + withinMs
  for (let waitMs = 20; ; waitMs = Math.min(waitMs * 2, 500)) {
    const answer = await ask()
    if (isSo(answer) || performance.now() > deadline) return answer
    await pause(waitMs)
  }
}

/** Daybook as a user has it: `npm start` and `npm run daybook` from outside, in a process group of its own. */
export class Instance {
  readonly dataDir: string
  #process: ChildProcess | undefined
  #output = ''

  private constructor(dataDir: string) {
    this.dataDir = dataDir
  }

  static async prepare(): Promise<Instance> {
    return new Instance(await mkdtemp(join(tmpdir(), 'daybook-e2e-')))
  }

  get output(): string {
    return this.#output
  }

  async start(...args: ReadonlyArray<string>): Promise<void> {
    const child = spawn('npm', ['start', '--', '--port', '0', '--data-dir', this.dataDir, ...args], { detached: true })
    this.#process = child
    this.#output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text
      })
    }
    await eventually(async () => child.exitCode !== null || this.#output.includes('ready at'), Boolean)
    if (!this.#output.includes('ready at')) throw new Error(`npm start did not get ready:\n${this.#output}`)
  }

  /** As Ctrl-C does; answers how many of its processes are left. */
  async stop(): Promise<number> {
    const child = this.#process
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return this.#left()
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
    return this.#left()
  }

  /** `kill -9` of everything that it started. */
  async kill(): Promise<void> {
    const child = this.#process
    if (child?.pid === undefined) throw new Error('not started')
    const ended = once(child, 'exit')
    process.kill(-child.pid, 'SIGKILL')
    await ended
  }

  async remove(): Promise<void> {
    await this.stop()
    await rm(this.dataDir, { recursive: true, force: true })
  }

  async #left(): Promise<number> {
    const { stdout } = await run('ps', ['-eo', 'args', '-ww'])
    return stdout.split('\n').filter((line) => line.includes(this.dataDir)).length
  }

  async cli(...args: ReadonlyArray<string>): Promise<CommandLine> {
    const command = ['run', '--silent', 'daybook', '--', ...args, '--data-dir', this.dataDir]
    const child = spawn('npm', command, { stdio: ['ignore', 'pipe', 'pipe'] })
    const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
    return { code: Number(code), stdout, stderr }
  }

  async token(role: string, tenant = 'acme'): Promise<string> {
    return (await this.cli('token', '--tenant', tenant, '--role', role)).stdout.trim()
  }

  async url(): Promise<string> {
    const { url }: { url: string } = JSON.parse(await readFile(join(this.dataDir, 'endpoints.json'), 'utf8'))
    return url
  }

  async http(token: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch((await this.url()) + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return { status: response.status, headers: response.headers, json: await response.json() }
  }
}
