import type { Process } from './engines/engine.ts'
import { type Kept, keepRunning } from './keep-running.ts'
import { startNodeProcess } from './node-process.ts'
import { type Settings, writeSettings } from './settings.ts'
import type { Instance } from './start-engines.ts'

/** Modules of the processes that an instance runs beside its engines. */
export type Modules = { readonly api: URL; readonly feeds: URL }

export const MODULES: Modules = {
  api: new URL('./api-process.ts', import.meta.url),
  feeds: new URL('./feeds-process.ts', import.meta.url),
}

/** Milliseconds to finish requests, and to finish a batch. With the engines' own patience they stay below ten seconds. */
const API_PATIENCE = 3_500
const FEEDS_PATIENCE = 3_000

export type Services = { readonly api: Kept<Process>; readonly feeds: Kept<Process> }

const keepService = (
  { home, running, stopping, report, onGivenUp }: Instance,
  program: { readonly name: string; readonly module: URL; readonly patience: number },
  settings: Settings,
): Promise<Kept<Process>> =>
  keepRunning({
    name: program.name,
    start: () =>
      startNodeProcess({
        ...program,
        env: writeSettings(settings),
        logFile: home.logFile(program.name),
        onSpawn: running.add,
      }),
    stopping,
    report,
    onGivenUp,
  })

/** Starts the API and the feeds, and keeps them running; tells when the API serves. Rejects with `EngineFault`. */
export const startServices = async (
  instance: Instance,
  settings: Settings,
  modules: Modules,
  onServing: () => void,
): Promise<Services> => {
  const starting = keepService(instance, { name: 'api', module: modules.api, patience: API_PATIENCE }, settings)
  const [api, feeds] = await Promise.all([
    starting.then((kept) => {
      onServing()
      return kept
    }),
    keepService(instance, { name: 'feeds', module: modules.feeds, patience: FEEDS_PATIENCE }, settings),
  ])
  return { api, feeds }
}
