import type { ConsumerPositions, Positions } from '../../infra/feeds/positions.ts'
import type { SimulatedProcess } from './simulated-process.ts'

/** What a consumer's processes leave to one another: a crash may cost the latest positions, as with those in files. */
export type SimulatedPositions = {
  /** @param shards filled with what is durable, and then with what the process saves. */
  readonly of: (process: SimulatedProcess, shards: Map<string, string>, onSave: Passed) => Positions
  readonly durable: ReadonlyMap<string, string>
}

/** The consumer says that it is done with the records of a shard from behind `after` through `through`. */
export type Passed = (shardId: string, after: string | null, through: string) => void

export const simulatedPositions = (): SimulatedPositions => {
  const durable = new Map<string, string>()
  const opened = (
    { step, alive }: SimulatedProcess,
    shards: Map<string, string>,
    onSave: Passed,
  ): ConsumerPositions => {
    // Opening that nobody waits for any more takes nothing back.
    for (const [shardId, sequenceNumber] of durable) {
      if (!shards.has(shardId)) shards.set(shardId, sequenceNumber)
    }
    let keeping: Promise<void> | null = null
    const keep = (): Promise<void> => {
      keeping ??= step('keep positions', async () => {
        keeping = null
        // A file of this machine: unlike a request, it does not change when its writer is no more.
        if (!alive()) return
        for (const [shardId, sequenceNumber] of shards) durable.set(shardId, sequenceNumber)
      }).finally(() => {
        keeping = null
      })
      return keeping
    }
    return {
      load: (shardId) => shards.get(shardId) ?? null,
      save: (shardId, sequenceNumber) => {
        if (!alive()) return
        onSave(shardId, shards.get(shardId) ?? null, sequenceNumber)
        shards.set(shardId, sequenceNumber)
        keep().catch(() => {})
      },
      flush: keep,
    }
  }
  return {
    of: (process, shards, onSave) => ({
      open: () => process.step('open positions', async () => opened(process, shards, onSave)),
    }),
    durable,
  }
}
