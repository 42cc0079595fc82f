import { startDynoxide } from '../../../infra/local/engines/dynoxide.ts'
import { startPostgres } from '../../../infra/local/engines/postgres.ts'
import type { Suite } from '../bench.ts'
import { startEngine } from '../local-engine.ts'
import { lagHalfLoad } from './projections/lag.ts'
import { livePostgres } from './projections/live-postgres.ts'
import { rebuildPostgres } from './projections/rebuild-postgres.ts'

/** Events of each case. */
const FULL = { live: 5_000, few: 100_000, many: 1_000_000, seconds: 8 }
const QUICK = { live: 500, few: 2_000, many: 6_000, seconds: 1 }

/** Views: how fast they follow the events, and how fast they are made anew. */
export const projections: Suite = async (setting) => {
  const [dynamodb, postgres] = await Promise.all([
    startEngine(setting, 'dynoxide', startDynoxide),
    startEngine(setting, 'postgres', startPostgres),
  ])
  const { live, few, many, seconds } = setting.quick ? QUICK : FULL
  return {
    engines: { dynoxide: dynamodb.version, postgres: postgres.version },
    cases: [
      livePostgres({ dynamodb, postgres }, live),
      lagHalfLoad({ dynamodb, postgres }, live, seconds),
      rebuildPostgres({ name: 'rebuild-postgres-100k', dynamodb, postgres, count: few }),
      rebuildPostgres({ name: 'rebuild-postgres-1m', dynamodb, postgres, count: many, rounds: 3 }),
    ],
  }
}
