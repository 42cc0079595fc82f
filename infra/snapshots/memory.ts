import { partitionKeyOf } from '../event-store/keys.ts'
import type { Snapshot, Snapshots } from './port.ts'

/** Snapshots in memory, for tests and simulations; the same contract as those on DynamoDB. */
export const memorySnapshots = (): Snapshots => {
  const kept = new Map<string, string>()
  const keyOf = ({ stream, schema }: Pick<Snapshot, 'stream' | 'schema'>): string =>
    `${partitionKeyOf(stream)}#${schema}`
  const found = (key: string): Snapshot | undefined => {
    const text = kept.get(key)
    return text === undefined ? undefined : JSON.parse(text)
  }
  return {
    load: async (stream, schema) => found(keyOf({ stream, schema })),
    save: async (snapshot) => {
      const key = keyOf(snapshot)
      if ((found(key)?.version ?? 0) < snapshot.version) kept.set(key, JSON.stringify(snapshot))
    },
  }
}
