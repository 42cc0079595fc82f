import * as t from 'io-ts'
import { dynamoDbClient } from '../../../../infra/dynamodb-client.ts'
import { tableStream } from '../../../../infra/feeds/table-stream.ts'
import type { Engine } from '../../../../infra/local/engines/engine.ts'
import { migrate } from '../../../../infra/postgres/migrate.ts'
import { ownerPool } from '../../../../infra/postgres/pool.ts'
import { createFollowed } from '../../book.ts'
import { startChild } from '../../child.ts'
import { createDatabase } from '../../database.ts'

const FOLLOWER = new URL('./follower-process.ts', import.meta.url)

/** Milliseconds from each commit's time until it was in the views; the process's highest resident memory so far. */
const Followed = t.type({ latenciesMs: t.array(t.number), rssMb: t.number })
export type Followed = t.TypeOf<typeof Followed>

/** Projects into all views; or keeps what comes in one plain table; or reads, and does nothing. */
export type Way = 'project' | 'keep' | 'read'

export type Engines = { readonly dynamodb: Engine; readonly postgres: Engine }

/** An event table with its stream, a database with the views, and a process that follows the one into the other, until so many more events are in. */
export const following = async ({ dynamodb, postgres }: Engines, name: string, cleanUp: AsyncDisposableStack) => {
  const table = `followed-${name}`
  const client = dynamoDbClient(dynamodb.url)
  cleanUp.defer(async () => client.destroy())
  await createFollowed(client, table)
  const arn = await tableStream(client, table, new AbortController().signal)
  if (arn === null) throw new Error(`${table} has no stream`)
  const url = await createDatabase(postgres.url, name.replaceAll('-', '_'))
  await migrate(url)
  const owner = ownerPool(url, { max: 2 })
  cleanUp.defer(() => owner.end())
  await owner.query('CREATE TABLE bare_feed (key text PRIMARY KEY, image text NOT NULL)')
  const child = await startChild(FOLLOWER, [dynamodb.url, url, table, arn], cleanUp)
  const follow = async (way: Way, events: number): Promise<Followed> => {
    const followed = await child({ way, events })
    if (Followed.is(followed)) return followed
    throw new Error('the follower answered nonsense')
  }
  return { client, table, arn, owner, follow }
}
