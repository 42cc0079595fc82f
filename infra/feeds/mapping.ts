import { type Bell, bell, delayOf, pause } from './bell.ts'
import { atMost } from './concurrency.ts'
import { followShard } from './follow-shard.ts'
import type { MappingConfig } from './mapping-config.ts'
import type { MappingStatus } from './mapping-status.ts'
import { reasonOf, type Shard, type StreamIdentity } from './port.ts'
import type { ConsumerPositions } from './positions.ts'
import { type Progress, progressOf } from './progress.ts'

export type Mapping = {
  /** There is something to read, in one shard or in any: ends the pause between two reads. */
  readonly wake: (shardId?: string) => void
  /** Whether everything was handled when it last looked. */
  readonly idle: () => boolean
  /** Lets running handlers finish, makes positions durable and ends. */
  readonly stop: () => Promise<void>
  readonly status: () => MappingStatus
}

type Opened = { readonly identity: StreamIdentity; readonly positions: ConsumerPositions }

/** Repeats what fails until it succeeds; null when the signal aborts first. */
const insist = async <P, Event, A>(
  config: MappingConfig<P, Event>,
  signal: AbortSignal,
  attempt: () => Promise<A>,
): Promise<A | null> => {
  for (let failures = 1; !signal.aborted; failures += 1) {
    try {
      return await attempt()
    } catch (error) {
      config.log.warn('stream is not available', { mapping: config.name, reason: reasonOf(error) })
      await pause(delayOf(config.backoff, failures), signal)
    }
  }
  return null
}

const openStream = async <P, Event>(config: MappingConfig<P, Event>): Promise<Opened> => {
  const identity = await config.source.identity()
  return { identity, positions: await config.positions.open(config.name, identity.incarnation) }
}

/** Shards whose parents were read to their ends, or are no longer in the stream. */
const readable = (shards: ReadonlyArray<Shard>, closed: ReadonlySet<string>): ReadonlyArray<Shard> => {
  const listed = new Set(shards.map(({ shardId }) => shardId))
  return shards.filter(({ parents }) => parents.every((parent) => closed.has(parent) || !listed.has(parent)))
}

/** Follows every shard of the stream, children after their parents, until the signal aborts. */
const followStream = async <P, Event>(
  config: MappingConfig<P, Event>,
  signal: AbortSignal,
  bells: Map<string, Bell>,
  progress: Progress,
  follow: (shardId: string, wakeUp: Bell) => Promise<'closed' | 'stopped'>,
): Promise<void> => {
  const closed = new Set<string>()
  const following: Array<Promise<void>> = []
  const shardClosed = bell()
  const start = async (shardId: string, wakeUp: Bell): Promise<void> => {
    if ((await follow(shardId, wakeUp)) === 'closed') {
      closed.add(shardId)
      shardClosed.ring()
    }
  }
  while (!signal.aborted) {
    const shards = (await insist(config, signal, config.source.shards)) ?? []
    for (const { shardId } of readable(shards, closed)) {
      if (bells.has(shardId)) continue
      const wakeUp = bell()
      bells.set(shardId, wakeUp)
      following.push(start(shardId, wakeUp))
    }
    progress.shardsToCome(shards.filter(({ shardId }) => !bells.has(shardId)).length)
    await shardClosed.wait(config.listShardsEveryMs ?? 60_000, signal)
  }
  await Promise.all(following)
}

/**
 * Starts reading a stream and delivering its records to a handler, at least once and in order within a shard. It never ends
 * by itself: while the stream is away it waits for it.
 */
export const startMapping = <P, Event>(config: MappingConfig<P, Event>): Mapping => {
  const stopper = new AbortController()
  const { signal } = stopper
  const progress = progressOf(config.name, config.clock)
  const bells = new Map<string, Bell>()
  const inTurn = atMost(config.parallel ?? Number.POSITIVE_INFINITY)
  const run = async (): Promise<void> => {
    const opened = await insist(config, signal, () => openStream(config))
    if (opened === null) return
    await followStream(config, signal, bells, progress, (shardId, wakeUp) =>
      followShard({ config, ...opened, shardId, progress: progress.shard(shardId), inTurn, signal }, wakeUp),
    )
    await opened.positions.flush()
  }
  const running = run()
  return {
    wake: (shardId) => {
      if (shardId !== undefined) bells.get(shardId)?.ring()
      else for (const each of bells.values()) each.ring()
    },
    idle: () => {
      const { caughtUp, pending } = progress.status()
      return caughtUp && pending === 0
    },
    stop: () => {
      stopper.abort()
      return running
    },
    status: progress.status,
  }
}
