/** The positions of one consumer in one incarnation of a stream. */
export type ConsumerPositions = {
  /** Last handled record of the shard; null when there is none. */
  readonly load: (shardId: string) => string | null
  /** Takes effect at once for `load`; is durable after a moment, or after `flush`. */
  readonly save: (shardId: string, sequenceNumber: string) => void
  /** Resolves when everything saved before is durable; rejects when it cannot be made so. */
  readonly flush: () => Promise<void>
}

/** Where consumers stand. Positions that were saved for another incarnation of the stream are void. */
export type Positions = {
  readonly open: (consumer: string, incarnation: string) => Promise<ConsumerPositions>
}

/** Positions that end with the process, for tests and for streams that do, too. */
export const memoryPositions = (): Positions => {
  const consumers = new Map<string, { readonly incarnation: string; readonly shards: Map<string, string> }>()
  return {
    open: async (consumer, incarnation) => {
      const known = consumers.get(consumer)
      const kept = known?.incarnation === incarnation ? known : { incarnation, shards: new Map<string, string>() }
      consumers.set(consumer, kept)
      return {
        load: (shardId) => kept.shards.get(shardId) ?? null,
        save: (shardId, sequenceNumber) => {
          kept.shards.set(shardId, sequenceNumber)
        },
        flush: async () => {},
      }
    },
  }
}
