import { beforeAll, describe } from 'vitest'
import { backOff } from '../../../infra/back-off.ts'
import { dynamoDbClient } from '../../../infra/dynamodb-client.ts'
import { dynamoEventStore } from '../../../infra/event-store/dynamo.ts'
import { dynamoTimeIndex } from '../../../infra/event-store/dynamo-time-index.ts'
import { createTable, eventTableDefinition } from '../../../infra/event-store/table.ts'
import { CONTRACT_BOUNDS, timeIndexContract } from '../../contracts/time-index.ts'
import { dynamodbEndpoints, freshName } from '../../engines/engines.ts'
import { stampAt } from './stamp.ts'

const engines = Object.entries(dynamodbEndpoints()).filter((entry): entry is [string, string] => entry[1] !== null)

describe.each(engines)('%s', (engine, endpoint) => {
  const client = dynamoDbClient(endpoint)
  const table = freshName('events')
  const shared = { client, table, bounds: CONTRACT_BOUNDS }
  beforeAll(() => createTable(client, eventTableDefinition(table)))

  timeIndexContract(engine, () => ({
    storeAt: (clock) => dynamoEventStore({ ...shared, ...stampAt(clock) }),
    indexAt: (clock) => dynamoTimeIndex({ ...shared, clock, backOff, pageSize: 5 }),
  }))
})
