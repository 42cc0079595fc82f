import { isBehind } from './port.ts'

/** Where a record stands in Kinesis. */
export type Place = { readonly shardId: string; readonly sequenceNumber: string }

/** What consumers of a sharded stream have yet to pass. Places of a shard must come in their order. */
export type Lanes<T> = {
  readonly put: (place: Place, cargo: T) => void
  /** The consumer has dealt with everything up to and with this place. */
  readonly passed: (consumer: string, place: Place) => void
}

/** One consumer in one shard: what it has to pass yet, and how far it has come. */
type Lane<T> = { readonly ahead: Array<{ readonly sequenceNumber: string; readonly cargo: T }>; passed: string | null }

/** `onPassed` is called once for each cargo and consumer. */
export const createLanes = <T>(
  consumers: ReadonlyArray<string>,
  onPassed: (consumer: string, cargo: T) => void,
): Lanes<T> => {
  const lanes = new Map<string, Lane<T>>()
  const laneOf = (consumer: string, shardId: string): Lane<T> => {
    const key = `${consumer} ${shardId}`
    const lane = lanes.get(key) ?? { ahead: [], passed: null }
    lanes.set(key, lane)
    return lane
  }
  return {
    put: ({ shardId, sequenceNumber }, cargo) => {
      for (const consumer of consumers) {
        const { ahead, passed } = laneOf(consumer, shardId)
        // A consumer can be faster than the answer to the put.
        if (passed !== null && !isBehind(sequenceNumber, passed)) onPassed(consumer, cargo)
        else ahead.push({ sequenceNumber, cargo })
      }
    },
    passed: (consumer, { shardId, sequenceNumber }) => {
      const lane = laneOf(consumer, shardId)
      lane.passed = sequenceNumber
      const left = lane.ahead.findIndex((place) => isBehind(place.sequenceNumber, sequenceNumber))
      for (const { cargo } of lane.ahead.splice(0, left === -1 ? lane.ahead.length : left)) onPassed(consumer, cargo)
    },
  }
}
