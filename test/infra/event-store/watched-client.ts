import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { dynamoDbClient } from '../../../infra/dynamodb-client.ts'

type Items = ReadonlyArray<Record<string, AttributeValue>>

export type Interference = {
  /** Keys of a batch that are let through; the engine is said to have left the rest over. */
  readonly keysAtOnce?: number
  /** What becomes of the items that a query answers. */
  readonly entries?: (items: Items) => Items
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** Splits `RequestItems` after so many keys. */
const splitBatch = (requests: Record<string, unknown>, keysAtOnce: number) => {
  const [table = '', request] = Object.entries(requests)[0] ?? []
  const rest = isRecord(request) ? request : {}
  const keys = Array.isArray(rest['Keys']) ? rest['Keys'] : []
  const part = (some: ReadonlyArray<unknown>) => (some.length === 0 ? {} : { [table]: { ...rest, Keys: some } })
  return { now: part(keys.slice(0, keysAtOnce)), later: part(keys.slice(keysAtOnce)) }
}

/** A client of a real engine that writes down which commands it sends, and can interfere with reads. */
export const watchedClient = (
  endpoint: string,
  { keysAtOnce, entries }: Interference = {},
): { readonly client: DynamoDBClient; readonly sent: ReadonlyArray<string> } => {
  const client = dynamoDbClient(endpoint)
  const sent: string[] = []
  client.middlewareStack.add(
    (next, context) => async (args) => {
      sent.push(context.commandName ?? '?')
      const input: object = args.input
      if (keysAtOnce !== undefined && 'RequestItems' in input && isRecord(input.RequestItems)) {
        const { now, later } = splitBatch(input.RequestItems, keysAtOnce)
        const nothing = { response: {}, output: { $metadata: {}, Responses: {} } }
        const { response, output } =
          Object.keys(now).length === 0
            ? nothing
            : await next({ ...args, input: Object.assign(input, { RequestItems: now }) })
        return { response, output: Object.assign(output, { UnprocessedKeys: later }) }
      }
      const answer = await next(args)
      if (entries !== undefined && 'Items' in answer.output)
        answer.output.Items = [...entries(answer.output.Items ?? [])]
      return answer
    },
    { step: 'initialize' },
  )
  return { client, sent }
}
