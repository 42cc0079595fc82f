import { join } from 'node:path'
import type { Engine, EngineOptions } from '../../infra/local/engines/engine.ts'
import type { Setting } from './bench.ts'

/** Starts an engine in the suite's directory; it is stopped with the suite, also when it never became ready. */
export const startEngine = (
  { dir, cleanUp }: Setting,
  name: string,
  start: (options: EngineOptions) => Promise<Engine>,
): Promise<Engine> =>
  start({
    dataDir: join(dir, name),
    logFile: join(dir, 'logs', `${name}.log`),
    onSpawn: (process) => cleanUp.defer(() => process.stop()),
  })
