import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { dynamoDbClient } from '../../infra/dynamodb-client.ts'
import type { Commit } from '../../infra/event-store/port.ts'
import { createTable, eventTableDefinition } from '../../infra/event-store/table.ts'
import { startDynoxide } from '../../infra/local/engines/dynoxide.ts'
import { startKinesis } from '../../infra/local/engines/kinesis.ts'
import type { Settings } from '../../infra/local/settings.ts'
import { EVENT_TABLE_NAME } from '../../infra/names.ts'
import type { ProductDocuments } from '../../infra/search/port.ts'
import type { ParkedStreams } from '../../infra/views/port.ts'
import type { Row } from '../../projections/change.ts'
import { postgresProjections } from '../../projections/registry.ts'
import { productSearch } from '../../projections/views/product-search.ts'
import { freshName, opensearchUrl } from '../engines/engines.ts'
import { expectViewsOf } from '../projections/projector-under-test.ts'
import { naiveProducts } from '../projections/search-projector-under-test.ts'
import { type OpenSearchProxy, openSearchProxy } from './opensearch-proxy.ts'

export type RealEngines = {
  readonly directory: string
  /** All but Postgres. */
  readonly settings: Omit<Settings, 'postgresUrl'>
  /** Null where there is no OpenSearch: then products are searched in Postgres. */
  readonly proxy: OpenSearchProxy | null
  readonly close: () => Promise<void>
}

/** The engines whose tables, streams and indexes have but one name: an event table and a Kinesis of a test's own. */
export const realEngines = async (): Promise<RealEngines> => {
  const directory = await mkdtemp(join(tmpdir(), 'daybook-simulation-'))
  const options = (name: string) => ({ dataDir: join(directory, name), logFile: join(directory, `${name}.log`) })
  const target = opensearchUrl()
  const [dynoxide, kinesis, proxy] = await Promise.all([
    startDynoxide(options('dynoxide')),
    startKinesis(options('kinesis')),
    target === null ? null : openSearchProxy(target, `${freshName('simulation')}-`),
  ])
  const client = dynamoDbClient(dynoxide.url)
  await createTable(client, eventTableDefinition(EVENT_TABLE_NAME))
  client.destroy()
  return {
    directory,
    settings: {
      dataDir: directory,
      port: 4000,
      dynamodbEndpoint: dynoxide.url,
      kinesisEndpoint: kinesis.url,
      opensearchUrl: proxy?.url,
      publicUrl: 'http://127.0.0.1:4000',
    },
    proxy,
    close: async () => {
      await Promise.all([dynoxide.stop(), kinesis.stop(), proxy?.close()])
      await rm(directory, { recursive: true })
    },
  }
}

/** Views and documents are the fold of these commits, and nothing is parked. */
export const expectAllOf = async (
  commits: ReadonlyArray<Commit>,
  rows: (table: string) => Promise<ReadonlyArray<Row>>,
  search: Pick<ProductDocuments, 'read'>,
  { parked }: Pick<ParkedStreams, 'parked'>,
): Promise<void> => {
  await expectViewsOf(commits, rows)
  const products = naiveProducts(commits)
  expect(new Set(await search.read(products))).toEqual(new Set(products))
  for (const { name } of [...postgresProjections, productSearch]) expect(await parked(name)).toEqual([])
}
