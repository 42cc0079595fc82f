import { startDynoxide } from '../../../infra/local/engines/dynoxide.ts'
import { startPostgres } from '../../../infra/local/engines/postgres.ts'
import type { Suite } from '../bench.ts'
import { startEngine } from '../local-engine.ts'
import { rebuildPostgres } from './projections/rebuild-postgres.ts'

/** Events of each case. */
const FULL = { few: 100_000, many: 1_000_000 }
const QUICK = { few: 5_000, many: 20_000 }

/** Views: how fast they follow the events, and how fast they are made anew. */
export const projections: Suite = async (setting) => {
  const [dynamodb, postgres] = await Promise.all([
    startEngine(setting, 'dynoxide', startDynoxide),
    startEngine(setting, 'postgres', startPostgres),
  ])
  const { few, many } = setting.quick ? QUICK : FULL
  return {
    engines: { dynoxide: dynamodb.version, postgres: postgres.version },
    cases: [
      rebuildPostgres({ name: 'rebuild-postgres-100k', dynamodb, postgres, count: few }),
      rebuildPostgres({ name: 'rebuild-postgres-1m', dynamodb, postgres, count: many, rounds: 3 }),
    ],
  }
}
