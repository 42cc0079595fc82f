import { startDynoxide } from '../../../infra/local/engines/dynoxide.ts'
import type { Suite } from '../bench.ts'
import { startEngine } from '../local-engine.ts'
import { append } from './store/append.ts'
import { contenders } from './store/contenders.ts'
import { contention } from './store/contention.ts'
import { contentionProcesses } from './store/contention-processes.ts'
import { load } from './store/load.ts'

/** Operations a round, for each case; of each writer, where there are eight. */
const FULL = { alone: 400, together: 800, short: 200, long: 5, writers: 10 }
const QUICK = { alone: 50, together: 100, short: 30, long: 1, writers: 4 }

/** The event store below the commands: its own pipeline, the least that must be done, and two libraries that do as much. */
export const store: Suite = async (setting) => {
  const dynamodb = await startEngine(setting, 'dynoxide', startDynoxide)
  const { url } = dynamodb
  const { alone, together, short, long, writers } = setting.quick ? QUICK : FULL
  return {
    engines: { dynoxide: dynamodb.version },
    cases: [
      append({ url, contenders, temperature: 'cold', width: 1, count: alone }),
      append({ url, contenders, temperature: 'cold', width: 8, count: together }),
      append({ url, contenders, temperature: 'warm', width: 1, count: alone }),
      append({ url, contenders, temperature: 'warm', width: 8, count: together }),
      load({ url, contenders, events: 100, count: short }),
      load({ url, contenders, events: 10_000, count: long }),
      contention({ url, contenders, count: writers }),
      contentionProcesses({ url, contenders, count: writers }),
    ],
  }
}
