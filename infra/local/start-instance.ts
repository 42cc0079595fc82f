import { existsSync } from 'node:fs'
import { EVENT_TABLE_NAME } from '../names.ts'
import { dynoxideFile } from './engines/dynoxide.ts'
import { EngineFault } from './engines/engine.ts'
import { freePort, isFree } from './engines/free-port.ts'
import { indexScans } from './engines/sqlite-indexes.ts'
import { type Engines, type Instance, startEngines } from './start-engines.ts'
import { type Modules, type Services, startServices } from './start-services.ts'

export type Started = { readonly url: string; readonly engines: Engines; readonly services: Services }

const apiPort = async (wanted: number): Promise<number> => {
  if (wanted === 0) return freePort()
  if (await isFree(wanted)) return wanted
  throw new EngineFault(`port ${wanted} is taken by another program; choose one with --port`)
}

/** The API has made the event table: a replay that scans it wants an index which dynoxide does not make by itself. */
const quickenScans = ({ home, report }: Instance): void => {
  const file = dynoxideFile(home.engineDir('dynamodb'))
  if (!existsSync(file)) return
  try {
    indexScans(file, EVENT_TABLE_NAME)
  } catch (error) {
    report(`warning: replays will be slow, the event table has no index for scans: ${error}`)
  }
}

/**
 * Starts the engines, then the API and the feeds on them; publishes the API's address as soon as it serves, and resolves when
 * all are ready. Rejects with `EngineFault`.
 */
export const startInstance = async (
  instance: Instance,
  { port: wanted, env, modules }: { readonly port: number; readonly env: NodeJS.ProcessEnv; readonly modules: Modules },
): Promise<Started> => {
  const port = await apiPort(wanted)
  const url = `http://127.0.0.1:${port}`
  let services: Services | null = null
  // What the feeds had sent to Kinesis is gone with it: they begin again from what every consumer has finished.
  const engines = await startEngines(instance, env, () => void services?.feeds.restart())
  const settings = {
    dataDir: instance.home.stateDir,
    port,
    dynamodbEndpoint: engines.dynamodb.url,
    kinesisEndpoint: engines.kinesis.url,
    postgresUrl: engines.postgres.url,
    opensearchUrl: engines.search.url,
    publicUrl: url,
  }
  services = await startServices(instance, settings, modules, () => instance.home.publish(settings))
  quickenScans(instance)
  return { url, engines, services }
}
