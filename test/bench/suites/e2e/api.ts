import { join } from 'node:path'
import { mintToken } from '../../../../infra/cli/instance.ts'
import type { Engine } from '../../../../infra/local/engines/engine.ts'
import { freePort } from '../../../../infra/local/engines/free-port.ts'
import { startNodeProcess } from '../../../../infra/local/node-process.ts'
import { type Settings, writeSettings } from '../../../../infra/local/settings.ts'
import type { Setting } from '../../bench.ts'

const API_PROCESS = new URL('../../../../infra/local/api-process.ts', import.meta.url)
const TOKEN_SECONDS = 3_600

export type RunningApi = {
  readonly settings: Settings
  readonly url: string
  readonly pid: number
  /** Headers of a caller who may write the past and read everything, in this tenant. */
  readonly callerOf: (tenant: string) => Promise<Readonly<Record<string, string>>>
}

/** The API in its own process, as `npm start` runs it, but without the feeds; products are searched in Postgres. */
export const startApi = async (
  { dir, cleanUp }: Setting,
  dynamodb: Pick<Engine, 'url'>,
  postgres: Pick<Engine, 'url'>,
): Promise<RunningApi> => {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const settings: Settings = {
    dataDir: join(dir, 'api'),
    port,
    dynamodbEndpoint: dynamodb.url,
    // The API itself never calls Kinesis, the feeds do.
    kinesisEndpoint: dynamodb.url,
    postgresUrl: postgres.url,
    opensearchUrl: undefined,
    publicUrl: url,
  }
  const { pid } = await startNodeProcess({
    name: 'api',
    module: API_PROCESS,
    env: writeSettings(settings),
    logFile: join(dir, 'logs', 'api.log'),
    patience: 5_000,
    onSpawn: (process) => cleanUp.defer(() => process.stop()),
  })
  const callerOf = async (tenant: string): Promise<Readonly<Record<string, string>>> => {
    const token = await mintToken(settings.dataDir, { tenant, subject: 'bench', roles: ['integration'] }, TOKEN_SECONDS)
    return { Authorization: `Bearer ${token}` }
  }
  return { settings, url, pid, callerOf }
}
