import { startDynoxide } from '../../../infra/local/engines/dynoxide.ts'
import { startPostgres } from '../../../infra/local/engines/postgres.ts'
import type { Suite } from '../bench.ts'
import { startEngine } from '../local-engine.ts'
import { startApi } from './e2e/api.ts'
import { commandHttp } from './e2e/command-http.ts'
import { projectorPostgres } from './e2e/projector-postgres.ts'
import { queryList } from './e2e/query-list.ts'
import { queryReport } from './e2e/query-report.ts'

/** Operations a round, for each case. */
const FULL = { commandsAlone: 1_000, commandsTogether: 3_000, orders: 2_000, reports: 30, lists: 2_000 }
const QUICK = { commandsAlone: 200, commandsTogether: 500, orders: 500, reports: 8, lists: 300 }

/** The way of an order, end to end: command in, event stored, views written, views read. */
export const e2e: Suite = async (setting) => {
  const [dynamodb, postgres] = await Promise.all([
    startEngine(setting, 'dynoxide', startDynoxide),
    startEngine(setting, 'postgres', startPostgres),
  ])
  const api = await startApi(setting, dynamodb, postgres)
  const counts = setting.quick ? QUICK : FULL
  return {
    engines: { dynoxide: dynamodb.version, postgres: postgres.version },
    cases: [
      commandHttp({ api, dynamodb, width: 1, count: counts.commandsAlone }),
      commandHttp({ api, dynamodb, width: 8, count: counts.commandsTogether }),
      projectorPostgres({ postgres, count: counts.orders }),
      queryReport({ api, postgres, count: counts.reports }),
      queryList({ api, postgres, count: counts.lists }),
    ],
  }
}
