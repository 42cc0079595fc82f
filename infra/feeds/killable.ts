import { type Mapping, startMapping } from './mapping.ts'
import type { MappingConfig } from './mapping-config.ts'
import type { Positions } from './positions.ts'

/** Passes work on while `isDead` says no; whoever waits for it then waits for ever. */
type Alive = <A>(work: () => Promise<A>) => Promise<A>

const aliveUnless =
  (isDead: () => boolean): Alive =>
  (work) =>
    new Promise((resolve, reject) => {
      if (isDead()) return
      work().then(
        (value) => isDead() || resolve(value),
        (error: unknown) => isDead() || reject(error),
      )
    })

const positionsOf = (positions: Positions, isDead: () => boolean, alive: Alive): Positions => ({
  open: async (consumer, incarnation) => {
    const { load, save, flush } = await alive(() => positions.open(consumer, incarnation))
    return {
      load,
      save: (shardId, sequenceNumber) => {
        if (!isDead()) save(shardId, sequenceNumber)
      },
      flush: () => alive(flush),
    }
  },
})

/**
 * A mapping that can be killed as a process can: from that moment on it reads nothing, calls nobody and saves no position, even
 * in the middle of a batch whose handler has done its work. Another one goes on from the positions that were saved. For tests.
 */
export const startKillable = <P, Event>(config: MappingConfig<P, Event>): Mapping & { readonly kill: () => void } => {
  let dead = false
  const isDead = (): boolean => dead
  const alive = aliveUnless(isDead)
  const { source, handler, onFailure, positions } = config
  const mapping = startMapping({
    ...config,
    source: {
      identity: () => alive(source.identity),
      shards: () => alive(source.shards),
      read: (request) => alive(() => source.read(request)),
    },
    handler: (event) => alive(() => handler(event)),
    onFailure: (discarded) => alive(() => onFailure(discarded)),
    positions: positionsOf(positions, isDead, alive),
  })
  return {
    ...mapping,
    kill: () => {
      dead = true
      // Ends its pauses; what waits for an answer waits for ever.
      void mapping.stop()
    },
  }
}
