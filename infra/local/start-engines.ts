import { chooseDynamodb, chooseSearch, type SearchChoice, type StartEngine } from './choose-engines.ts'
import type { Engine, EngineFault } from './engines/engine.ts'
import { startKinesis } from './engines/kinesis.ts'
import { startPostgres } from './engines/postgres.ts'
import type { Home } from './home.ts'
import { keepRunning } from './keep-running.ts'
import type { Running } from './running.ts'

/** What the parts of an instance have in common. */
export type Instance = {
  readonly home: Home
  readonly running: Running
  readonly stopping: AbortSignal
  readonly report: (line: string) => void
  readonly onGivenUp: (fault: EngineFault) => void
}

export type Engines = {
  readonly dynamodb: Engine
  readonly kinesis: Engine
  readonly postgres: Engine
  readonly search: { readonly url: string | undefined; readonly description: string }
}

const keepEngine = async (
  { home, running, stopping, report, onGivenUp }: Instance,
  name: string,
  start: StartEngine,
  onRestarted?: () => void,
): Promise<Engine> => {
  const place = {
    dataDir: home.engineDir(name),
    logFile: home.logFile(name),
    onSpawn: running.add,
    signal: stopping,
  }
  const kept = await keepRunning<Engine>({
    name,
    start: (first) => start(first === null ? place : { ...place, port: first.port }),
    stopping,
    report,
    onRestarted,
    onGivenUp,
  })
  return kept.first
}

const startSearch = async (instance: Instance, choice: SearchChoice): Promise<Engines['search']> => {
  if (choice.kind === 'given') return { url: choice.url, description: `OpenSearch at ${choice.url} (OPENSEARCH_URL)` }
  if (choice.kind === 'postgres') return { url: undefined, description: `Postgres (${choice.why})` }
  const { url, version } = await keepEngine(instance, 'opensearch', choice.start)
  return { url, description: `OpenSearch ${version}` }
}

/**
 * Starts all engines side by side and keeps them running, each at its address. `onKinesisLost`: the embedded Kinesis came
 * back without its records. Rejects with `EngineFault` when one cannot start.
 */
export const startEngines = async (
  instance: Instance,
  env: NodeJS.ProcessEnv,
  onKinesisLost: () => void,
): Promise<Engines> => {
  const search = chooseSearch(env, instance.report, instance.stopping)
  const [dynamodb, kinesis, postgres, found] = await Promise.all([
    chooseDynamodb().then((start) => keepEngine(instance, 'dynamodb', start)),
    keepEngine(instance, 'kinesis', startKinesis, onKinesisLost),
    keepEngine(instance, 'postgres', startPostgres),
    search.then((choice) => startSearch(instance, choice)),
  ])
  return { dynamodb, kinesis, postgres, search: found }
}
