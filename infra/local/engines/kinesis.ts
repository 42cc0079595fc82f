import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Engine, EngineFault, type EngineOptions } from './engine.ts'
import { freePort, portFor } from './free-port.ts'
import { packageOf } from './package-of.ts'
import { spawnProcess } from './spawn-process.ts'
import { untilReady } from './until-ready.ts'

const BIND_LOOPBACK = fileURLToPath(new URL('./bind-loopback.cjs', import.meta.url))

const isHealthy = async (url: string, signal: AbortSignal): Promise<true | null> =>
  (await fetch(`${url}/healthcheck`, { signal })).ok ? true : null

/**
 * Kinesis by kinesis-local, in memory: its streams are gone when it stops, and `dataDir` stays empty. It speaks HTTP/1 only.
 * At most 50 shards in all. Rejects with `EngineFault`.
 */
export const startKinesis = async (options: EngineOptions): Promise<Engine> => {
  const installed = packageOf('kinesis-local')
  if (installed === null) throw new EngineFault('the package kinesis-local is not installed')
  mkdirSync(options.dataDir, { recursive: true })
  const port = await portFor(options.port)
  const started = await spawnProcess({
    name: 'kinesis-local',
    file: process.execPath,
    args: ['--require', BIND_LOOPBACK, 'main.js'],
    // It reads its TLS certificate from the working directory.
    cwd: installed.dir,
    env: {
      ...process.env,
      KINESIS_MOCK_PLAIN_PORT: String(port),
      KINESIS_MOCK_TLS_PORT: String(await freePort()),
      LOG_LEVEL: 'WARN',
      SHARD_LIMIT: '50',
    },
    logFile: options.logFile,
    // It has nothing to save, and takes four seconds to stop on SIGTERM.
    stopSignal: 'SIGKILL',
    onSpawn: options.onSpawn,
  })
  const url = `http://127.0.0.1:${port}`
  await untilReady(started, (signal) => isHealthy(url, signal), { logFile: options.logFile, deadlineMs: 30_000 })
  return { ...started, version: installed.version, port, url }
}
