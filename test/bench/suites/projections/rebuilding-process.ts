import * as t from 'io-ts'
import { dynamoDbClient } from '../../../../infra/dynamodb-client.ts'
import { dynamoEventStore } from '../../../../infra/event-store/dynamo.ts'
import { dynamoScan } from '../../../../infra/event-store/scan.ts'
import { systemStamp } from '../../../../infra/event-store/stamp.ts'
import { silentLogger } from '../../../../infra/log/logger.ts'
import { ownerPool } from '../../../../infra/postgres/pool.ts'
import { unpaced } from '../../../../infra/rebuild/pace.ts'
import { rebuild } from '../../../../infra/rebuild/rebuild.ts'
import type { RebuildDeps } from '../../../../infra/rebuild/terms.ts'
import { openSearchIndexes } from '../../../../infra/search/opensearch-indexes.ts'
import { rebuildIndex } from '../../../../infra/search/rebuild/rebuild.ts'
import { eventCodecs } from '../../../../projections/event-codecs.ts'
import { readModel } from '../../../../projections/read-model.ts'
import { recordedEventsOf } from '../../../../projections/recorded.ts'
import { sales } from '../../../../projections/views/sales.ts'
import { takeTasks } from '../../child.ts'
import { INDEX_PREFIX } from './bare-index.ts'

// Rebuilds as `daybook replay` does, in a process of its own, so that its memory is its own; started by rebuilding.ts.

const [, , dynamodbUrl = '', postgresUrl = '', table = '', opensearchUrl = ''] = process.argv

const Task = t.strict({ size: t.number, segments: t.number })

const client = dynamoDbClient(dynamodbUrl)
const pool = ownerPool(postgresUrl, { max: 8 })
const deps: Omit<RebuildDeps, 'size'> = {
  events: dynamoEventStore({ client, table, ...systemStamp() }),
  scan: dynamoScan({ client, table }),
  decode: recordedEventsOf(eventCodecs),
  pool,
  poolIn: (schema) => ownerPool(postgresUrl, { schema }),
  archive: () => {
    throw new Error('there is no archive')
  },
  pace: unpaced,
  log: silentLogger,
}

const indexesOn = (node: string) => openSearchIndexes({ node, indexPrefix: INDEX_PREFIX })

takeTasks(async (task) => {
  if (!Task.is(task)) throw new TypeError('it rebuilds, and nothing else')
  const { size, segments } = task
  const watch = { onStep: () => {}, signal: new AbortController().signal }
  const { events } = await (opensearchUrl === ''
    ? rebuild({ ...deps, size }, readModel(sales), { segments }, watch)
    : rebuildIndex({ ...deps, size, indexes: indexesOn(opensearchUrl) }, { segments }, watch))
  return { type: 'rebuilt', events, rssMb: process.resourceUsage().maxRSS / 1_024 }
})
