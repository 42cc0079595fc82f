import { mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as t from 'io-ts'
import { type Engine, EngineFault, type EngineOptions } from './engine.ts'
import { freePortBetween, portFor } from './free-port.ts'
import { findJava, type Java } from './java.ts'
import { resolveClassPath } from './maven.ts'
import { spawnProcess } from './spawn-process.ts'
import { untilReady } from './until-ready.ts'

export const OPENSEARCH_POM = fileURLToPath(new URL('./opensearch/pom.xml', import.meta.url))
export const OPENSEARCH_JAVA = 21
const MAIN = 'org.codelibs.opensearch.runner.OpenSearchRunner'

/** The runner takes no HTTP port above 9299 and moves on to the next one when a port is taken. */
const FIRST_PORT = 9201
const LAST_PORT = 9299

/** A laptop's disk is often more than 90 % full; the default watermarks would then make every index read-only. */
const SETTINGS = 'network.host: 127.0.0.1\ncluster.routing.allocation.disk.threshold_enabled: false\n'

const Nodes = t.type({ nodes: t.record(t.string, t.type({ version: t.string, process: t.type({ id: t.number }) })) })

/** The version of the OpenSearch at `url` when it is process `pid`: another instance may be first at a port. */
const versionOf = async (url: string, pid: number, signal: AbortSignal): Promise<string | null> => {
  const health = await fetch(`${url}/_cluster/health?wait_for_status=yellow&timeout=1s`, { signal })
  if (!health.ok) return null
  const nodes: unknown = await (await fetch(`${url}/_nodes/_local/process`, { signal })).json()
  if (!Nodes.is(nodes)) return null
  return Object.values(nodes.nodes).find((node) => node.process.id === pid)?.version ?? null
}

const commandLine = (java: Java, classPath: ReadonlyArray<string>, dataDir: string, port: number) => ({
  file: java.file,
  args: [
    ...['-Xms512m', '-Xmx512m', '--add-modules', 'jdk.incubator.vector', '--enable-native-access=ALL-UNNAMED'],
    ...['-cp', classPath.join(delimiter), MAIN],
    // The first node serves on the base port plus one.
    ...['-basePath', dataDir, '-numOfNode', '1', '-baseHttpPort', String(port - 1), '-clusterName', 'daybook'],
  ],
})

/**
 * One node of real OpenSearch, on 127.0.0.1. Needs Java 21 and Maven; 512 MB of heap. An acknowledged write survives
 * SIGKILL (its translog is synchronous by default). Rejects with `EngineFault`.
 */
export const startOpensearch = async (options: EngineOptions): Promise<Engine> => {
  const java = await findJava(OPENSEARCH_JAVA)
  if (java === null) throw new EngineFault(`OpenSearch needs Java ${OPENSEARCH_JAVA} or newer, and none was found`)
  const classPath = await resolveClassPath(OPENSEARCH_POM, options.signal)
  const config = join(options.dataDir, 'node_1/config')
  mkdirSync(config, { recursive: true })
  writeFileSync(join(config, 'opensearch.yml'), SETTINGS)
  const port = await portFor(options.port, () => freePortBetween(FIRST_PORT, LAST_PORT))
  const started = await spawnProcess({
    name: 'opensearch',
    ...commandLine(java, classPath, options.dataDir, port),
    logFile: options.logFile,
    onSpawn: options.onSpawn,
  })
  const url = `http://127.0.0.1:${port}`
  const version = await untilReady(started, (signal) => versionOf(url, started.pid, signal), {
    logFile: options.logFile,
    deadlineMs: 90_000,
  })
  return { ...started, version, port, url }
}
