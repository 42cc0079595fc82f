import { appendFileSync, mkdirSync } from 'node:fs'
import { arch, platform } from 'node:os'
import { join } from 'node:path'
import { answersDynamodb } from './dynamodb-probe.ts'
import { type Engine, EngineFault, type EngineOptions } from './engine.ts'
import { portFor } from './free-port.ts'
import { packageOf } from './package-of.ts'
import { spawnProcess } from './spawn-process.ts'
import { indexStreamRecords } from './sqlite-indexes.ts'
import { untilReady } from './until-ready.ts'

const dynoxidePackage = () => packageOf(`@dynoxide/${platform()}-${arch()}`)

/** Whether a dynoxide binary is installed for this platform. */
export const hasDynoxide = (): boolean => dynoxidePackage() !== null

/** The file that holds every table, in SQLite's WAL mode: a commit that was acknowledged survives SIGKILL. */
export const dynoxideFile = (dataDir: string): string => join(dataDir, 'dynamodb.sqlite')

/**
 * DynamoDB and DynamoDB Streams by dynoxide. Always on a file, never in memory, because the index that keeps its writes fast
 * can only be added from outside. Rejects with `EngineFault` when there is no binary for this platform or it does not start.
 */
export const startDynoxide = async (options: EngineOptions): Promise<Engine> => {
  const installed = dynoxidePackage()
  if (installed === null) throw new EngineFault(`no dynoxide binary for ${platform()}-${arch()} is installed`)
  mkdirSync(options.dataDir, { recursive: true })
  const port = await portFor(options.port)
  const file = dynoxideFile(options.dataDir)
  const process = await spawnProcess({
    name: 'dynoxide',
    file: join(installed.dir, 'dynoxide'),
    args: ['-p', String(port), '--host', '127.0.0.1', '--db-path', file],
    logFile: options.logFile,
    onSpawn: options.onSpawn,
  })
  const url = `http://127.0.0.1:${port}`
  await untilReady(process, (signal) => answersDynamodb(url, signal), { logFile: options.logFile, deadlineMs: 20_000 })
  if (!indexStreamRecords(file)) {
    appendFileSync(
      options.logFile,
      'warning: no table _stream_records to index; writes will slow down as streams grow\n',
    )
  }
  return { ...process, version: installed.version, port, url }
}
