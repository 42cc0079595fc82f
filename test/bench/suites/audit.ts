import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { dynamoDbClient } from '../../../infra/dynamodb-client.ts'
import { LOCAL_BOUNDS, safetyLag } from '../../../infra/event-store/time-bounds.ts'
import { dynoxideFile, startDynoxide } from '../../../infra/local/engines/dynoxide.ts'
import { EVENT_TABLE_NAME } from '../../../infra/names.ts'
import type { Suite } from '../bench.ts'
import { createScanned, writeBook } from '../book.ts'
import { startEngine } from '../local-engine.ts'
import { commitOf, orderOf } from '../orders.ts'
import { exportCase, verifyCase } from './audit/cases.ts'

/** Orders of as many lines as a wholesaler's half-year has: 35 MB of commits in JSON. */
const LINES = 15
const FULL = 16_000
const QUICK = 1_000

/** The trail: how fast it is exported and verified, beside `gzip` and `sha256sum` of the same lines. */
export const audit: Suite = async (setting) => {
  const dynamodb = await startEngine(setting, 'dynoxide', startDynoxide)
  const count = setting.quick ? QUICK : FULL
  const prepared = async (): Promise<void> => {
    const client = dynamoDbClient(dynamodb.url)
    try {
      await createScanned(client, EVENT_TABLE_NAME, dynoxideFile(join(setting.dir, 'dynoxide')))
      const orders = { client, table: EVENT_TABLE_NAME, tenant: 'bench' }
      await writeBook({ ...orders, commitOf: (tenant, nth) => commitOf(tenant, orderOf(nth, LINES)) }, count)
    } finally {
      client.destroy()
    }
    await sleep(safetyLag(LOCAL_BOUNDS))
  }
  let book: Promise<void> | undefined
  const at = { url: dynamodb.url, dir: join(setting.dir, 'trail'), count, written: () => (book ??= prepared()) }
  return {
    engines: { dynoxide: dynamodb.version },
    cases: [exportCase('export-jsonl', 'jsonl', at), exportCase('export-parquet', 'parquet', at), verifyCase(at)],
  }
}
