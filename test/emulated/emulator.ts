import { existsSync, mkdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Process } from '../../infra/local/engines/engine.ts'
import { freePort } from '../../infra/local/engines/free-port.ts'
import { spawnProcess } from '../../infra/local/engines/spawn-process.ts'
import { untilReady } from '../../infra/local/engines/until-ready.ts'
import { runCommand } from './run-command.ts'

const LAUNCHER = join(import.meta.dirname, 'ministack')
const MODULES = resolve(import.meta.dirname, '../../node_modules')

/** As an emulator takes them; they open nothing. */
export const CREDENTIALS = {
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: 'us-east-1',
  AWS_DEFAULT_REGION: 'us-east-1',
} as const

export const ACCOUNT = '000000000000'

export type Emulator = Process & {
  readonly url: string
  /** What the SDK, the CDK and the functions need to find it. */
  readonly env: NodeJS.ProcessEnv
}

/** Python with ministack and what it needs, made at its first use. */
const pythonIn = async (directory: string): Promise<string> => {
  const python = join(directory, 'bin', 'python')
  const requirements = join(LAUNCHER, 'requirements.txt')
  if (!existsSync(python)) await runCommand({ file: 'python3', args: ['-m', 'venv', directory] })
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements]
  await runCommand({ file: python, args: install })
  return python
}

export type EmulatorOptions = {
  /** Where its Python is kept from run to run. */
  readonly pythonDir: string
  readonly logFile: string
  readonly opensearchUrl: string
  readonly onSpawn: (process: Process) => void
}

/** An AWS on this machine, with nothing in it, bound to 127.0.0.1. Functions run as processes of the `node` that runs this one. */
export const startEmulator = async (options: EmulatorOptions): Promise<Emulator> => {
  const { pythonDir, logFile, opensearchUrl, onSpawn } = options
  mkdirSync(dirname(logFile), { recursive: true })
  const python = await pythonIn(pythonDir)
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const started = await spawnProcess({
    name: 'ministack',
    file: python,
    args: ['-B', join(LAUNCHER, 'run.py')],
    logFile,
    env: {
      ...process.env,
      ...CREDENTIALS,
      BIND_HOST: '127.0.0.1',
      // Its port listens on every interface.
      IOT_MTLS_ENABLED: '0',
      GATEWAY_PORT: String(port),
      MINISTACK_OPENSEARCH_ENDPOINT: new URL(opensearchUrl).host,
      NODE_PATH: MODULES,
      PATH: `${dirname(process.execPath)}:${process.env['PATH']}`,
    },
    patience: 5_000,
    onSpawn,
  })
  await untilReady(
    started,
    async (signal) => ((await fetch(`${url}/_ministack/health`, { signal })).ok ? true : null),
    {
      logFile,
      deadlineMs: 60_000,
    },
  )
  return { ...started, url, env: { ...CREDENTIALS, AWS_ENDPOINT_URL: url } }
}
