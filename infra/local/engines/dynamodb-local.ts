import { mkdirSync } from 'node:fs'
import { delimiter, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { answersDynamodb } from './dynamodb-probe.ts'
import { type Engine, EngineFault, type EngineOptions } from './engine.ts'
import { portFor } from './free-port.ts'
import { findJava } from './java.ts'
import { resolveClassPath } from './maven.ts'
import { spawnProcess } from './spawn-process.ts'
import { untilReady } from './until-ready.ts'

const POM = fileURLToPath(new URL('./dynamodb-local/pom.xml', import.meta.url))
const MAIN = 'software.amazon.dynamodb.services.local.main.ServerRunner'
const VERSION = '3.1.0'

/** Its class path names the native SQLite libraries of every platform beside the jars. */
const nativeLibraryPath = (classPath: ReadonlyArray<string>): string =>
  [...new Set(classPath.filter((entry) => /\.(so|dylib)$/.test(entry)).map((entry) => dirname(entry)))].join(delimiter)

/**
 * DynamoDB and DynamoDB Streams by Amazon's DynamoDB Local. `inMemory: true` keeps nothing. It listens on all addresses:
 * it has no option to bind to one. Needs Java 17 and Maven; rejects with `EngineFault`.
 */
export const startDynamodbLocal = async (options: EngineOptions & { readonly inMemory?: boolean }): Promise<Engine> => {
  const java = await findJava(17)
  if (java === null) throw new EngineFault('DynamoDB Local needs Java 17 or newer, and none was found')
  const classPath = await resolveClassPath(POM, options.signal)
  mkdirSync(options.dataDir, { recursive: true })
  const port = await portFor(options.port)
  const storage = options.inMemory === true ? ['-inMemory'] : ['-dbPath', options.dataDir]
  const started = await spawnProcess({
    name: 'dynamodb-local',
    file: java.file,
    args: [
      '-Xmx384m',
      `-Djava.library.path=${nativeLibraryPath(classPath)}`,
      ...['-cp', classPath.join(delimiter), MAIN],
      ...['-port', String(port), '-disableTelemetry', '-sharedDb', ...storage],
    ],
    logFile: options.logFile,
    onSpawn: options.onSpawn,
  })
  const url = `http://127.0.0.1:${port}`
  await untilReady(started, (signal) => answersDynamodb(url, signal), { logFile: options.logFile, deadlineMs: 60_000 })
  return { ...started, version: VERSION, port, url }
}
