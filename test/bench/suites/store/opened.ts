import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { dynamoDbClient } from '../../../../infra/dynamodb-client.ts'
import { createTable } from '../../../../infra/event-store/table.ts'
import { meter, type Usage } from '../../meter.ts'
import type { Contender, Store } from './contender.ts'

export type Opened = { readonly client: DynamoDBClient; readonly store: Store }

/** A contender's store on a client of its own, with settings that are the same for all. */
export const opened = async (contender: Contender, url: string, cleanUp: AsyncDisposableStack): Promise<Opened> => {
  const client = dynamoDbClient(url)
  cleanUp.defer(() => client.destroy())
  await createTable(client, contender.table)
  return { client, store: contender.open(client) }
}

/** The same, counted: for a stretch that is not timed. */
export const openedMetered = async (
  contender: Contender,
  url: string,
  cleanUp: AsyncDisposableStack,
): Promise<Opened & { readonly usage: () => Usage }> => {
  const { client, store } = await opened(contender, url, cleanUp)
  return { client, store, usage: meter(client) }
}
