import type { DynamoDBClient, PutItemCommand, PutItemCommandOutput } from '@aws-sdk/client-dynamodb'

/** A stamp grew too old before its write was answered; the write may have landed. */
export class StampExpired extends Error {
  override readonly name = 'StampExpired'
}

export type StampedWrite = {
  /** Time of the id that the write carries, in milliseconds. */
  readonly stampedAt: number
  /** The writer's clock. */
  readonly clock: () => Date
  /** `TimeBounds.stampLife`. */
  readonly life: number
}

/**
 * Sends a write that carries a stamp, with the client's own retries, and ends with `StampExpired` once the stamp is too old.
 * The timer cuts off what takes long. The look at the clock before each sending is for a process that was suspended (a frozen
 * Lambda, a laptop asleep): it would wake up and send what it had stamped long ago.
 */
export const sendStamped = async (
  client: DynamoDBClient,
  command: PutItemCommand,
  { stampedAt, clock, life }: StampedWrite,
): Promise<PutItemCommandOutput> => {
  command.middlewareStack.add(
    (next) => async (args) => {
      if (clock().getTime() - stampedAt > life) throw new StampExpired('not sent')
      return next(args)
    },
    { step: 'deserialize', priority: 'low', name: 'stampLife' },
  )
  const cut = new AbortController()
  const timer = setTimeout(() => cut.abort(), life)
  try {
    return await client.send(command, { abortSignal: cut.signal })
  } catch (error) {
    throw error instanceof Error && error.name === 'AbortError'
      ? new StampExpired('not answered', { cause: error })
      : error
  } finally {
    clearTimeout(timer)
  }
}
