import { dynamoDbClient } from '../../../../infra/dynamodb-client.ts'
import type { Engine } from '../../../../infra/local/engines/engine.ts'
import { migrate } from '../../../../infra/postgres/migrate.ts'
import { openSearchProducts } from '../../../../infra/search/opensearch.ts'
import type { Case } from '../../bench.ts'
import { createScanned, writeBook } from '../../book.ts'
import { createDatabase } from '../../database.ts'
import { productCommit } from '../../products.ts'
import { timed } from '../../stopwatch.ts'
import { bareIndex, INDEX_PREFIX } from './bare-index.ts'
import { bareScan } from './bare-scan.ts'
import { rebuilding, SEGMENTS } from './rebuilding.ts'

/** Documents a bulk request, as many as the rebuild sends. */
const BULK = 1_000

type RebuildOpensearch = {
  readonly dynamodb: Engine
  /** Where dynoxide keeps its tables. */
  readonly databaseFile: string
  readonly postgres: Engine
  readonly opensearch: Engine
  /** Products, added by one event each. */
  readonly count: number
}

/**
 * Events a second from a book in DynamoDB to a search index that serves, verification and switch included; beside it a scan whose items
 * nobody looks at, and a bulk index of exactly the final documents.
 */
export const rebuildOpensearch = ({
  dynamodb,
  databaseFile,
  postgres,
  opensearch,
  count,
}: RebuildOpensearch): Case => ({
  name: 'rebuild-opensearch-100k',
  unit: 'events/s',
  rounds: 3,
  prepare: async (cleanUp) => {
    const table = 'book-products'
    const client = dynamoDbClient(dynamodb.url)
    cleanUp.defer(async () => client.destroy())
    await createScanned(client, table, databaseFile)
    await writeBook({ client, table, tenant: 'bench', commitOf: productCommit }, count)
    const url = await createDatabase(postgres.url, 'rebuild_opensearch')
    await migrate(url)
    const search = openSearchProducts({ node: opensearch.url, indexPrefix: INDEX_PREFIX })
    cleanUp.defer(() => search.close())
    await search.prepare()
    const { rebuild, rssMb } = await rebuilding([dynamodb.url, url, table, opensearch.url], count, cleanUp)
    let round = 0
    return [
      { name: 'daybook', rssMb, round: () => timed(count, rebuild) },
      {
        name: 'bare',
        round: async () => {
          round += 1
          const { fill } = await bareIndex(opensearch.url, `bare-rebuilt-${round}`, cleanUp)
          return timed(count, async () => {
            if ((await bareScan(client, table, SEGMENTS)) !== count) throw new Error(`the book does not hold ${count}`)
            await fill('bench', count, BULK)
          })
        },
      },
    ]
  },
})
