import { existsSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { lockDataDir } from './data-dir-lock.ts'
import { EngineFault } from './engines/engine.ts'
import { startGuard } from './guard.ts'
import { ephemeralHome, type Home, persistentHome } from './home.ts'
import type { Options } from './options.ts'
import { type Running, trackRunning } from './running.ts'
import { type Started, startInstance } from './start-instance.ts'
import type { Modules } from './start-services.ts'

export type Supervision = {
  readonly options: Options
  readonly modules: Modules
  readonly env: NodeJS.ProcessEnv
  /** A line on stdout, a line on stderr. */
  readonly out: (line: string) => void
  readonly err: (line: string) => void
  /** Asks for an orderly stop. */
  readonly stop: AbortSignal
}

const banner = ({ engines, url }: Started, home: Home): ReadonlyArray<string> => [
  ...[engines.dynamodb, engines.kinesis, engines.postgres].map(({ name, version }) => `  ${name} ${version}`),
  `  search in ${engines.search.description}`,
  `  logs in ${home.logDir}`,
  `Daybook is ready at ${url}`,
]

/** Starts an instance and keeps it up until a stop is asked for; then ends the API, the feeds and the engines, in this order. */
const serve = async (supervision: Supervision, home: Home, running: Running, stopping: AbortSignal): Promise<void> => {
  const { options, modules, env, out, err } = supervision
  const ended = Promise.withResolvers<null>()
  stopping.addEventListener('abort', () => ended.resolve(null), { once: true })
  if (stopping.aborted) return
  const instance = { home, running, stopping, report: err, onGivenUp: ended.reject }
  const started = await Promise.race([startInstance(instance, { port: options.port, env, modules }), ended.promise])
  if (started === null) return
  for (const line of banner(started, home)) out(line)
  await ended.promise
  home.withdraw()
  await started.services.api.stop()
  await started.services.feeds.stop()
}

const runIn = async (supervision: Supervision, home: Home): Promise<void> => {
  const { dataDir } = supervision.options
  home.withdraw()
  const guard = await startGuard(join(dataDir, 'guard'), home.logFile('guardian'))
  for (const dir of home.passing) guard.removeInTheEnd(dir)
  const running = trackRunning(guard)
  const ending = new AbortController()
  try {
    await serve(supervision, home, running, AbortSignal.any([supervision.stop, ending.signal]))
    for (const dir of home.passingLogs) guard.removeInTheEnd(dir)
  } finally {
    ending.abort()
    await running.stopAll().finally(guard.finish)
  }
}

/** Runs Daybook until a stop is asked for. Answers the exit code: 0, or 1 after one line that says what is wrong. */
export const supervise = async (supervision: Supervision): Promise<number> => {
  const { dataDir, ephemeral } = supervision.options
  const isNew = !existsSync(dataDir)
  const lock = lockDataDir(dataDir)
  if (E.isLeft(lock)) {
    supervision.err(lock.left)
    return 1
  }
  const home = ephemeral ? ephemeralHome(dataDir, isNew) : persistentHome(dataDir)
  try {
    await runIn(supervision, home)
    return 0
  } catch (error) {
    if (!(error instanceof EngineFault)) throw error
    supervision.err(error.message)
    return 1
  } finally {
    home.withdraw()
    lock.right.release()
  }
}
