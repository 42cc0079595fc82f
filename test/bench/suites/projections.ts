import { join } from 'node:path'
import { dynoxideFile, startDynoxide } from '../../../infra/local/engines/dynoxide.ts'
import { startOpensearch } from '../../../infra/local/engines/opensearch.ts'
import { startPostgres } from '../../../infra/local/engines/postgres.ts'
import type { Suite } from '../bench.ts'
import { startEngine } from '../local-engine.ts'
import { lagHalfLoad } from './projections/lag.ts'
import { liveOpensearch } from './projections/live-opensearch.ts'
import { livePostgres } from './projections/live-postgres.ts'
import { rebuildOpensearch } from './projections/rebuild-opensearch.ts'
import { rebuildPostgres } from './projections/rebuild-postgres.ts'

/** Events of each case. */
const FULL = { live: 5_000, few: 100_000, many: 1_000_000, seconds: 8 }
const QUICK = { live: 500, few: 2_000, many: 6_000, seconds: 1 }

/** Views: how fast they follow the events, and how fast they are made anew. */
export const projections: Suite = async (setting) => {
  const [dynamodb, postgres, opensearch] = await Promise.all([
    startEngine(setting, 'dynoxide', startDynoxide),
    startEngine(setting, 'postgres', startPostgres),
    startEngine(setting, 'opensearch', startOpensearch),
  ])
  const databaseFile = dynoxideFile(join(setting.dir, 'dynoxide'))
  const { live, few, many, seconds } = setting.quick ? QUICK : FULL
  return {
    engines: { dynoxide: dynamodb.version, postgres: postgres.version, opensearch: opensearch.version },
    cases: [
      livePostgres({ dynamodb, postgres }, live),
      liveOpensearch(opensearch, live),
      lagHalfLoad({ dynamodb, postgres }, live, seconds),
      rebuildPostgres({ name: 'rebuild-postgres-100k', dynamodb, databaseFile, postgres, count: few }),
      rebuildPostgres({ name: 'rebuild-postgres-1m', dynamodb, databaseFile, postgres, count: many, rounds: 3 }),
      rebuildOpensearch({ dynamodb, databaseFile, postgres, opensearch, count: few }),
    ],
  }
}
