import type { StreamName } from '../infra/event-store/port.ts'
import type { Aggregate } from './aggregate.ts'
import type { Loaded } from './loaded.ts'

/**
 * What a process keeps of the streams that it wrote to: their folded states, and whose turn it is on each. Only speed depends on it.
 * A state may be behind its stream: the append finds out.
 */
export type WarmStreams = {
  /** Runs `work` when all earlier work on this stream is done, so that this process does not race itself. */
  readonly inTurn: <A>(stream: StreamName, work: () => Promise<A>) => Promise<A>
  readonly recall: <S, C, E, R>(aggregate: Aggregate<S, C, E, R>, stream: StreamName) => Loaded<S> | undefined
  readonly remember: <S, C, E, R>(aggregate: Aggregate<S, C, E, R>, loaded: Loaded<S>) => void
  readonly forget: (stream: StreamName) => void
  readonly forgetAll: () => void
}

export type WarmBounds = {
  /** Streams kept at most. */
  readonly streams: number
  /** Their states together, in characters of JSON. */
  readonly characters: number
}

/** About 64 MB, and a quarter of it for command ids. */
export const WARM_BOUNDS: WarmBounds = { streams: 1_000, characters: 32 * 1024 * 1024 }

const keyOf = ({ tenant, type, id }: StreamName): string => `${tenant}#${type}#${id}`

const turns = (): WarmStreams['inTurn'] => {
  const last = new Map<string, Promise<unknown>>()
  return async (stream, work) => {
    const key = keyOf(stream)
    const earlier = last.get(key)
    const mine = earlier === undefined ? work() : earlier.then(work, work)
    last.set(key, mine)
    try {
      return await mine
    } finally {
      if (last.get(key) === mine) last.delete(key)
    }
  }
}

/** A place in the cache; which state it stands for, its aggregate's map knows, and so knows its type. */
type Place = { readonly characters: number; readonly measuredAt: number }

export const warmStreams = (bounds: WarmBounds = WARM_BOUNDS): WarmStreams => {
  const places = new Map<string, Place>()
  let characters = 0
  const drop = (key: string): Place | undefined => {
    const place = places.get(key)
    places.delete(key)
    characters -= place?.characters ?? 0
    return place
  }
  const makeRoom = (): void => {
    for (const key of places.keys()) {
      if (places.size <= bounds.streams && characters <= bounds.characters) return
      drop(key)
    }
  }
  return {
    inTurn: turns(),
    recall: ({ folded }, stream) => {
      const place = places.get(keyOf(stream))
      return place && folded.get(place)
    },
    remember: ({ folded }, loaded) => {
      const key = keyOf(loaded.position.stream)
      const before = drop(key)
      const { version } = loaded.position
      // A state's size is taken anew when its stream has grown by half.
      const measured = before !== undefined && version < before.measuredAt * 1.5
      const place = measured
        ? { ...before }
        : { characters: JSON.stringify(loaded.state)?.length ?? 0, measuredAt: version }
      places.set(key, place)
      characters += place.characters
      folded.set(place, { ...loaded, complete: false })
      makeRoom()
    },
    forget: (stream) => {
      drop(keyOf(stream))
    },
    forgetAll: () => {
      for (const key of [...places.keys()]) drop(key)
    },
  }
}
